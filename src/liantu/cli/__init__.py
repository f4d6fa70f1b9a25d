"""The terminal: ``liantu VERB [PACKAGE] [--json]``. Owns: parsing the call, exit codes. Never: arithmetic.

One module a verb: each has ``add(parser)`` for its options and ``go(call)`` which returns the exit code.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import NoReturn

from liantu import __version__
from liantu.cli.call import Call
from liantu.errors import CallError, LiantuError, SolveError
from liantu.words import LANGUAGES, Lang, language, say

# What argparse says in English only.
_COMPLAINTS = (
    ("wrong-number", r"argument (?P<name>.+?): invalid int value: (?P<value>.+)"),
    ("wrong-choice", r"argument (?P<name>.+?): invalid choice: (?P<value>.+?) \(choose from (?P<choices>.+)\)"),
    ("wrong-bare", r"argument (?P<name>.+?): expected (?:one|at least one) argument"),
    ("wrong-absent", r"the following arguments are required: (?P<name>.+)"),
    ("wrong-unknown", r"unrecognized arguments: (?P<value>.+)"),
)
# More memory than any machine has: a limit above it is a slip.
MOST_GB = 1e6
VERBS = (
    "check", "balance", "require", "throughput", "recruit", "whynot", "plan", "alternatives", "compare", "sweep", "report",
    "template", "convert", "data", "serve", "backup", "restore", "audit",
)  # fmt: skip


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
    call = Call(parser(lang, json="--json" in words).parse_args(words), lang)
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
        return 130
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


def parser(lang: Lang, *, json: bool = False) -> argparse.ArgumentParser:
    """The whole command line, described in ``lang``; ``json``: a wrong call is answered by the JSON object too."""
    top = _Parser(prog="liantu", description=say("cli.about", lang), add_help=False, lang=lang, json=json)
    top.add_argument("-h", "--help", action="help", help=say("cli.help", lang))
    top.add_argument("--version", action="version", version=f"liantu {__version__}", help=say("cli.version", lang))
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True, title=say("cli.verbs", lang))
    for verb in VERBS:
        text = say(f"cli.{verb}", lang)
        one = verbs.add_parser(verb, help=text, description=text, add_help=False, lang=lang, json=json)
        one.add_argument("-h", "--help", action="help", help=say("cli.help", lang))
        import_module(f"liantu.cli.{verb}").add(one, lang)
        one.add_argument("--lang", choices=LANGUAGES, help=say("cli.lang", lang))
        if verb != "template":
            one.add_argument("--json", action="store_true", help=say("cli.json", lang))
    return top


class _Formatter(argparse.HelpFormatter):
    def _expand_help(self, action: argparse.Action) -> str:
        """The words as they are: a per cent sign in them is no pattern to fill."""
        return action.help or ""


class _Parser(argparse.ArgumentParser):
    def __init__(self, *, lang: Lang, json: bool, **options: object) -> None:
        super().__init__(formatter_class=_Formatter, **options)  # type: ignore[arg-type]
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
        self.exit(2, f"{say('cli.call-wrong', self._lang)} {message}\n{more}\n")

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def]  # argparse's own signature is overloaded
        """What a verb does not know is complained of by the verb, which shows how it is used."""
        found, rest = super().parse_known_args(args, namespace)
        if rest and " " in self.prog:
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return found, rest


def _complaint(message: str, lang: Lang) -> str:
    """What argparse complains of, in words of our own where it is known."""
    for key, pattern in _COMPLAINTS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return say(f"cli.{key}", lang, found.groupdict())
    return message


def _language(words: Sequence[str]) -> Lang:
    """The language is needed before the call is parsed: help and complaints are in it."""
    for place, word in enumerate(words):
        if word.startswith("--lang="):
            return language(word.partition("=")[2])
        if word == "--lang" and place + 1 < len(words):
            return language(words[place + 1])
    return language()
