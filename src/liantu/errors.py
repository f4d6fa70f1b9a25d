"""What goes wrong, with the way out. Owns: LiantuError and its kinds. Never: printing, exit codes beyond their number.

An error carries a key of ``words/finding.csv`` and the values that fill it, so that it reads in either language
and becomes a finding where one is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from liantu.words import Lang, Value, Values, fill, language, sentences, word

# Among more names than this none is guessed at.
MAX_NAMES_FOR_GUESS = 5000


class LiantuError(Exception):
    """Something that stops the work: where, what, what was got, and what to do.

    Parameters
    ----------
    code : str
        Key in ``words/finding.csv``.
    values : mapping
        What fills the message and the hint.
    file, row, column :
        Where; ``row`` is the line in the file, the header being 1.

    Attributes
    ----------
    digest : str
        SHA-256 of the input, where it was read before the work stopped.
    """

    exit_code = 1

    def __init__(
        self,
        code: str,
        values: Mapping[str, Value] | None = None,
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.values = code, dict(values or {})
        self.file, self.row, self.column = file, row, column
        self.digest = ""

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross from the reader's child process by pickle, which rebuilds from args alone.
        return _rebuild, (type(self), self.code, self.values, self.file, self.row, self.column)

    def message(self, lang: Lang) -> str:
        """What went wrong and what was got."""
        return fill(word(f"finding.{self.code}", lang), self.values)

    def hint(self, lang: Lang) -> str:
        """What to do."""
        return way_out(self.code, self.values, lang)

    def __str__(self) -> str:
        lang = language()
        return sentences((self.message(lang), self.hint(lang)), lang)


def way_out(code: str, values: Values, lang: Lang) -> str:
    """What to do: what may have been meant, where a value ``near`` says so, then the hint."""
    template, near = word(f"finding.{code}", f"hint_{lang}"), str(values.get("near", ""))
    if not near or "{near}" in template or "{near}" in word(f"finding.{code}", lang):
        return fill(template, values)
    meant = fill(word("finding.unknown-near", f"hint_{lang}"), {"near": near.replace("”, “", "”、“") if lang == "zh" else near})
    return sentences((meant, fill(template, values)), lang)


def nearest(value: str, known: Iterable[str], most: int = 3) -> str:
    """Names close to one that is not known, the closest first, else those that hold it; blank where there are none.

    >>> nearest("cell_lpf", ["li2co3", "cell_lfp"]), nearest("磷酸铁锂电心", ["磷酸铁锂电芯"]), nearest("gold", ["li2co3"])
    ('cell_lfp', '磷酸铁锂电芯', '')
    """
    names = [name for name in dict.fromkeys(known) if name]
    if len(names) > MAX_NAMES_FOR_GUESS or not value.strip():
        return ""
    plain = {name.casefold(): name for name in names}
    close = get_close_matches(value.strip().casefold(), plain, most) or [name for name in plain if value.strip().casefold() in name][:most]
    return "”, “".join(plain[name] for name in close)


class InputError(LiantuError):
    """The input is wrong: a file, a table, a unit, a chain that cannot be."""


class CallError(LiantuError):
    """The call is wrong: an option or a name that does not exist."""

    exit_code = 2


class SolveError(LiantuError):
    """There is no solution, or it was not reached."""

    exit_code = 3


def _rebuild(
    kind: type[LiantuError], code: str, values: dict[str, Value], file: str | None, row: int | None, column: str | None
) -> LiantuError:
    return kind(code, values, file=file, row=row, column=column)
