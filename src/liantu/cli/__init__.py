"""The terminal: ``liantu VERB [PACKAGE] [--json]``. Owns: parsing the call, exit codes. Never: arithmetic.

One module a verb: each has ``add(parser)`` for its options and ``go(call)`` which returns the exit code.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import NoReturn

from liantu import __version__
from liantu.cli.call import Call, shown_width
from liantu.errors import CallError, LiantuError, SolveError, nearest
from liantu.words import LANGUAGES, Lang, fill, language, say, sentences, word

# What argparse says in English only.
_COMPLAINTS = (
    ("wrong-number", r"argument (?P<name>.+?): invalid int value: '(?P<value>.+)'"),
    ("wrong-count", r"argument (?P<name>.+?): invalid count value: '(?P<value>.+)'"),
    ("wrong-amount", r"argument (?P<name>.+?): invalid (?:float|number) value: '(?P<value>.+)'"),
    ("wrong-choice", r"argument (?P<name>.+?): invalid choice: (?P<value>.+?) \(choose from (?P<choices>.+)\)"),
    ("wrong-bare", r"argument (?P<name>.+?): expected (?:one|at least one) argument"),
    ("wrong-absent", r"the following arguments are required: (?P<name>.+)"),
    ("wrong-unknown", r"unrecognized arguments: (?P<value>.+)"),
)
# More memory than any machine has: a limit above it is a slip.
MOST_GB = 1e6
# Where a line of help may break: around every Chinese letter, between words.
_PIECES = re.compile(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+")
VERBS = (
    "check", "balance", "require", "throughput", "recruit", "whynot", "plan", "alternatives", "compare", "sweep", "report",
    "template", "convert", "data", "serve", "backup", "restore", "audit",
)  # fmt: skip

# Those whose answer may take long; the workbench and the files of the others end as a shell expects.
SOLVING = frozenset({"throughput", "recruit", "whynot", "plan", "alternatives", "compare", "sweep", "report"})


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 good, 1 the input is wrong, 2 the call is wrong, 3 no solution.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    lang = _language(words)
    for stream in (sys.stdout, sys.stderr):
        # A terminal in the C locale must not break on 链.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        call = Call(parser(lang, json="--json" in words).parse_args(words), lang)
    except KeyboardInterrupt:
        return 130
    try:
        with _held(getattr(call.options, "memory_limit", None)):
            return int(import_module(f"liantu.cli.{call.verb}").go(call))
    except LiantuError as error:
        call.fail(error)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away (| head): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _interrupted(call)
    except MemoryError:
        call.fail(CallError("memory"))
        return 1


@contextmanager
def _held(gigabytes: float | None) -> Iterator[None]:
    """Within so much memory.

    Raises
    ------
    SolveError
        ``memory-limit`` where that is not enough.
    """
    if gigabytes is None:
        yield
        return
    if not 0 < gigabytes < MOST_GB:
        raise CallError("question-number", {"value": gigabytes})
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * 1e9), most))
    try:
        yield
    except MemoryError as error:
        raise SolveError("memory-limit", {"limit": gigabytes}) from error
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def _interrupted(call: Call) -> int:
    """Ctrl-C before there was anything to keep: said in words by the verbs that solve."""
    if call.verb not in SOLVING:
        return 130
    error = SolveError("interrupted")
    call.fail(error)
    return error.exit_code


def parser(lang: Lang, *, json: bool = False) -> argparse.ArgumentParser:
    """The whole command line, described in ``lang``; ``json``: a wrong call is answered by the JSON object too."""
    top = _Parser(prog="liantu", description=say("cli.about", lang), lang=lang, json=json)
    top.add_argument("-h", "--help", action="help", help=say("cli.help", lang))
    top.add_argument("--version", action="version", version=f"liantu {__version__}", help=say("cli.version", lang))
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, title=say("cli.verbs", lang))
    for verb in VERBS:
        text = say(f"cli.{verb}", lang)
        example = f"{say('cli.example', lang)}\n  {say(f'cli.example-{verb}', lang)}"
        one = verbs.add_parser(verb, help=text, description=text, epilog=example, lang=lang, json=json)
        one.add_argument("-h", "--help", action="help", help=say("cli.help", lang))
        import_module(f"liantu.cli.{verb}").add(one, lang)
        one.add_argument("--lang", choices=LANGUAGES, help=say("cli.lang", lang))
        if verb != "template":
            one.add_argument("--json", action="store_true", help=say("cli.json", lang))
    return top


class _Parser(argparse.ArgumentParser):
    def __init__(self, *, lang: Lang, json: bool, **options: object) -> None:
        super().__init__(add_help=False, formatter_class=partial(_Formatter, lang=lang), **options)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = say("cli.arguments", lang), say("cli.options", lang)
        self._lang: Lang = lang
        self._json = json

    def error(self, message: str) -> NoReturn:
        """The call is wrong: how it is used, then what is wrong with it."""
        message = _complaint(message, self._lang)
        if self._json:
            verb = self.prog.partition(" ")[2]
            Call(argparse.Namespace(verb=verb, json=True), self._lang).fail(CallError("call", {"reason": message}))
            self.exit(2)
        self.print_usage(sys.stderr)
        more = say("cli.call-help", self._lang, {"call": f"{self.prog} --help"})
        self.exit(2, f"{sentences([say('cli.call-wrong', self._lang), message], self._lang)}\n{more}\n")

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]  # argparse's own signature is overloaded
        """What a verb does not know is complained of by the verb, which shows how it is used."""
        found, rest = super().parse_known_args(args, namespace)
        if rest and " " in self.prog:
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return found, rest


class _Formatter(argparse.HelpFormatter):
    """Help as it is written: a ``%`` is a ``%``, headings are in the language, Chinese lines break where they are full."""

    def __init__(self, prog: str, *, lang: Lang) -> None:
        super().__init__(prog)
        self._lang: Lang = lang

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """The line that shows how a verb is called."""
        super().add_usage(usage, actions, groups, say("cli.usage", self._lang) if prefix is None else prefix)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = [[indent + line] if line.startswith(" ") else self._split_lines(line, width) for line in text.splitlines()]
        return "\n".join(line for broken in lines for line in broken)

    def _expand_help(self, action: argparse.Action) -> str:
        return action.help or ""

    def _split_lines(self, text: str, width: int) -> list[str]:
        lines = [""]
        for piece in _PIECES.findall(text):
            is_full = shown_width(lines[-1] + piece.rstrip()) > width and piece not in "，。；：、）"
            lines = [*lines, piece.lstrip()] if is_full and lines[-1] else [*lines[:-1], lines[-1] + piece]
        return [line.rstrip() for line in lines]


def _complaint(message: str, lang: Lang) -> str:
    """What argparse complains of, in words of our own where it is known."""
    for key, pattern in _COMPLAINTS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            values = found.groupdict()
            if key != "wrong-choice":
                return say(f"cli.{key}", lang, values)
            value, choices = values["value"].strip("'"), values["choices"].replace("'", "").split(", ")
            near = nearest(value, choices)
            meant = fill(word("finding.unknown-near", f"hint_{lang}"), {"near": near}) if near else ""
            told = {"name": values["name"], "value": value, "choices": ("、" if lang == "zh" else ", ").join(choices)}
            return sentences([say("cli.wrong-choice", lang, told), meant], lang)
    return message


def _language(words: Sequence[str]) -> Lang:
    """The language is needed before the call is parsed: help and complaints are in it."""
    for place, one in enumerate(words):
        if one.startswith("--lang="):
            return language(one.partition("=")[2])
        if one == "--lang" and place + 1 < len(words):
            return language(words[place + 1])
    return language()
