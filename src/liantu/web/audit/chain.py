"""Checking the trail. Owns: what is wrong with a chain of events, and the first event where. Never: writing (actions), anchors' files.

The chain alone shows what was edited, taken out, put in or swapped. A tail cut off and a history rewritten to its end leave a chain
that is whole: those show only against an anchor, a head that was written down elsewhere before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

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
    """

    events: int
    head: str
    anchors: int
    wrong: Wrong | None = None
    at: int = 0


def verify(anchors: Sequence[Anchor] = ()) -> Verified:
    """Read every event in order and hold it against its own digest, the one before it, the head and the anchors."""
    fields = (*HASHED, "digest")
    rows = Event.objects.order_by("seq").values_list(*fields).iterator(chunk_size=_CHUNK)
    head = Head.objects.filter(id=1).first()
    ours = [anchor for anchor in anchors if anchor.is_ours]
    if len(ours) < len(anchors):
        return Verified(events=0, head=GENESIS, anchors=len(ours), wrong="forged", at=next(one.seq for one in anchors if not one.is_ours))
    heads = [*ours, Anchor(head.seq, head.digest)] if head else ours
    return check(rows, heads, anchors=len(ours))


def check(rows: Iterable[tuple[object, ...]], heads: Sequence[Anchor], *, anchors: int = 0) -> Verified:
    """The same over rows from anywhere: the fields that are hashed, in their order, then the digest."""
    known: Mapping[int, set[str]] = {seq: {one.digest for one in heads if one.seq == seq} for seq in {one.seq for one in heads}}
    previous, number = GENESIS, 0

    def found(wrong: Wrong | None, at: int) -> Verified:
        return Verified(events=number, head=previous, anchors=anchors, wrong=wrong, at=at)

    for row in rows:
        if row[_SEQ] != number + 1:
            return found("missing", number + 1)
        text = json.dumps(row[:_DIGEST], ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest != row[_DIGEST]:
            return found("edited", number + 1)
        if row[_PREVIOUS] != previous:
            return found("joint", number + 1)
        number, previous = number + 1, digest
        if number in known and known[number] != {digest}:
            return found("rewritten", number)
    beyond = [seq for seq in known if seq > number]
    return found("cut" if beyond else None, number + 1 if beyond else 0)
