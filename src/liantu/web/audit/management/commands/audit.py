"""``python -m liantu.web audit verify|anchor``: what ``liantu audit`` runs. Owns: its words and exit code. Never: checking itself."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from liantu.errors import CallError
from liantu.web.audit import anchors, chain
from liantu.web.audit.actions import System, anchor
from liantu.words import Lang, language, say


class Command(BaseCommand):
    """Check the trail, or write its head down."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What may be said."""
        parser.add_argument("act", choices=("verify", "anchor"))
        parser.add_argument("--anchor", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:  # Django hands its options over as keywords
        """Do it and say what was found; 1 if the trail is not what it was."""
        lang = language()
        if "audit_event" not in connection.introspection.table_names():
            raise CallError("workbench-empty", {"home": str(settings.HOME)})
        if options["act"] == "anchor":
            line = anchor(System())
            self.stdout.write(json.dumps({"anchor": line}) if options["json"] else line)
            return
        if options["anchor"] and not options["anchor"].is_file():
            raise CallError("anchor-file", {"path": str(options["anchor"])})
        held = anchors.read(options["anchor"])
        if options["anchor"] and not held:
            raise CallError("anchor-file", {"path": str(options["anchor"])})
        found = chain.verify(held)
        answer = {"ok": not found.wrong, "events": found.events, "head": found.head, "anchors": found.anchors}
        if found.wrong:
            answer |= {"wrong": found.wrong, "at": found.at}
        self.stdout.write(json.dumps(answer) if options["json"] else _said(found, lang))
        if found.wrong:
            sys.exit(1)


def _said(found: chain.Verified, lang: Lang) -> str:
    if found.wrong:
        return say(f"audit.wrong-{found.wrong}", lang, {"at": found.at})
    return say("audit.whole" if found.anchors else "audit.whole-alone", lang, {"events": found.events, "anchors": found.anchors})
