"""Checking the trail. Owns: what is wrong with a chain of events, and the first event where. Never: writing (actions), anchors' files.

The chain alone shows what was edited, taken out, put in or swapped. A tail cut off and a history rewritten to its end leave a chain
that is whole: those show only against an anchor, a head that was written down elsewhere before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from django.db import connection

from liantu.web.audit.models import GENESIS, HASHED, Event, Head

Wrong = Literal["edited", "missing", "joint", "cut", "rewritten", "forged"]
_CHUNK = 5_000
_SEQ, _PREVIOUS, _DIGEST = HASHED.index("seq"), HASHED.index("previous"), len(HASHED)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head written down: that the event of this number had this digest."""

    seq: int
    digest: str
    is_ours: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a check found.

    Attributes
    ----------
    events : int
        How many were read before the check ended.
    head : str
        Digest of the last of them.
    anchors : int
        How many heads written down it was held against.
    wrong, at : str, int
        What is wrong first, and the number of the event where.
    is_whole : bool
        Whether the check came to the end of the trail, not only of the piece asked for.
    """

    events: int
    head: str
    anchors: int
    wrong: Wrong | None = None
    at: int = 0
    is_whole: bool = True


def verify(anchors: Sequence[Anchor] = (), *, after: int = 0, most: int | None = None) -> Verified:
    """Read events in order and hold each against its own digest, the one before it, the head and the anchors.

    Parameters
    ----------
    after, most : int, optional
        Check this many events behind that one, which is taken for right: for a long trail, piece by piece.
    """
    fields = (*HASHED, "digest")
    asked = Event.objects.filter(seq__gt=after).order_by("seq").values_list(*fields)
    rows = (asked if most is None else asked[:most]).iterator(chunk_size=_CHUNK)
    first = Event.objects.filter(seq=after).values_list("digest", flat=True).first() if after else GENESIS
    head = Head.objects.filter(id=1).first()
    ours = [anchor for anchor in anchors if anchor.is_ours]
    if len(ours) < len(anchors):
        return Verified(events=0, head=GENESIS, anchors=len(ours), wrong="forged", at=next(one.seq for one in anchors if not one.is_ours))
    heads = [*ours, Anchor(head.seq, head.digest)] if head else ours
    if first is None:
        return Verified(events=0, head=GENESIS, anchors=len(ours), wrong="missing", at=after)
    with _any_text():
        found = check(rows, heads, anchors=len(ours), first=(after, first), most=most)
    # The head moves with its event: one that stands beyond it, though nobody writes, was put in.
    last = Head.objects.filter(id=1).values_list("seq", flat=True).first() or 0
    if found.wrong is None and after + found.events > last:
        return replace(found, wrong="joint", at=last + 1)
    return found


@contextmanager
def _any_text() -> Iterator[None]:
    """Read text that is none, as only a hand in the file leaves it: it has another digest, and is found by it."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    before = connection.connection.text_factory
    connection.connection.text_factory = lambda text: text.decode(errors="replace")
    try:
        yield
    finally:
        connection.connection.text_factory = before


def check(
    rows: Iterable[tuple[object, ...]],
    heads: Sequence[Anchor],
    *,
    anchors: int = 0,
    first: tuple[int, str] = (0, GENESIS),
    most: int | None = None,
) -> Verified:
    """The same over rows from anywhere: the fields that are hashed, in their order, then the digest; they follow event ``first``."""
    known: Mapping[int, set[str]] = {seq: {one.digest for one in heads if one.seq == seq} for seq in {one.seq for one in heads}}
    number, previous = first
    start, last = number, max(known, default=0)

    def found(wrong: Wrong | None, at: int) -> Verified:
        is_whole = wrong is not None or number >= last
        return Verified(events=number - start, head=previous, anchors=anchors, wrong=wrong, at=at, is_whole=is_whole)

    for row in rows:
        if row[_SEQ] != number + 1:
            return found("missing", number + 1)
        digest = _digest(row)
        if digest != row[_DIGEST]:
            return found("edited", number + 1)
        if row[_PREVIOUS] != previous:
            return found("joint", number + 1)
        number, previous = number + 1, digest
        if number in known and known[number] != {digest}:
            return found("rewritten", number)
    beyond = [seq for seq in known if seq > number] if most is None or number - start < most else []
    return found("cut" if beyond else None, number + 1 if beyond else 0)


def _digest(row: tuple[object, ...]) -> str:
    """What an event's digest must be; none where it holds what was never written, as bytes in place of text."""
    try:
        text = json.dumps(row[:_DIGEST], ensure_ascii=False, separators=(",", ":"))
    except TypeError:
        return ""
    return hashlib.sha256(text.encode()).hexdigest()
