"""Heads of the trail written down. Owns: the files in the workbench's folder, their lines and seals. Never: checking events (chain).

A line is ``SEQ DIGEST TIME SEAL``. The seal is made with a key outside the database, so that whoever changes the database cannot
write a line of their own. Copy lines elsewhere: a folder that is lost with the database proves nothing.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings

from liantu.web.audit.chain import Anchor
from liantu.web.audit.models import Head

_PARTS = 4
_written: set[tuple[Path, date]] = set()


def folder() -> Path:
    """Where they are kept, for the workbench alone."""
    place = Path(settings.HOME) / "anchors"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def write() -> str:
    """Write the head down now; the line, or nothing where there is no event yet."""
    head = Head.objects.filter(id=1).first()
    if head is None:
        return ""
    now = datetime.now(UTC)
    stated = f"{head.seq} {head.digest} {now.isoformat(timespec='seconds')}"
    line = f"{stated} {_seal(stated)}"
    handle = os.open(_file(now.date()), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
    return line


def daily() -> None:
    """Write the head down if nobody has today; asked after every write, so it looks once a day only."""
    mark = (Path(settings.HOME), datetime.now(UTC).date())
    if mark in _written:
        return
    if not _file(mark[1]).exists():
        write()
    _written.add(mark)


def read(path: Path | None = None) -> list[Anchor]:
    """Those of one file, or all that are kept; a line that is not ours is told apart."""
    files = [path] if path else sorted(folder().glob("*.txt"))
    return [anchor for file in files for anchor in _lines(file.read_text(encoding="utf-8", errors="replace"))]


def last() -> str:
    """The line written last."""
    files = sorted(folder().glob("*.txt"))
    lines = files[-1].read_text(encoding="ascii", errors="replace").split("\n") if files else []
    return next((line for line in reversed(lines) if line), "")


def _file(day: date) -> Path:
    return folder() / f"{day}.txt"


def _lines(text: str) -> Iterator[Anchor]:
    for line in text.splitlines():
        stated, _, seal = line.strip().rpartition(" ")
        parts = line.split()
        if not parts:
            continue
        ours = len(parts) == _PARTS and parts[0].isdecimal() and hmac.compare_digest(_seal(stated).encode(), seal.encode())
        yield Anchor(int(parts[0]) if ours else 0, parts[1] if len(parts) > 1 else "", ours)


def _seal(stated: str) -> str:
    return hmac.new(settings.ANCHOR_KEY.encode(), stated.encode(), "sha256").hexdigest()
