"""``liantu convert``: a package in another form. Owns: its options."""

from __future__ import annotations

import argparse
from pathlib import Path

from liantu.cli.call import Call
from liantu.words import Lang, say


def add(parser: argparse.ArgumentParser, lang: Lang) -> None:
    """Options of the verb."""
    parser.add_argument("package", metavar="PACKAGE", help=say("cli.package", lang))
    parser.add_argument("out", metavar="OUT", help=say("cli.convert-out", lang))
    parser.add_argument("--base", default="", metavar="NAME", help=say("cli.base", lang))


def go(call: Call) -> int:
    """Read the package and write it anew; rows of its base become its own."""
    from liantu import runs

    out = Path(call.options.out)
    digest, findings = runs.convert(call.package, out, lang=call.lang, base=call.options.base)
    if any(finding.level == "error" for finding in findings):
        if call.json:
            call.answer({}, digest=digest, findings=findings)
        else:
            call.findings(findings)
        return 1
    if call.json:
        call.answer({"files": [str(out)]}, digest=digest, findings=findings)
    else:
        call.findings(findings)
        call.print(call.say("written", {"path": str(out)}))
    return 0
