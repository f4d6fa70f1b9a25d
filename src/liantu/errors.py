"""What goes wrong, with the way out. Owns: LiantuError and its kinds. Never: printing, exit codes beyond their number.

An error carries a key of ``words/finding.csv`` and the values that fill it, so that it reads in either language
and becomes a finding where one is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping

from liantu.words import Lang, Value, fill, language, word


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
        return fill(word(f"finding.{self.code}", f"hint_{lang}"), self.values)

    def __str__(self) -> str:
        lang = language()
        return " ".join(part for part in (self.message(lang), self.hint(lang)) if part)


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
