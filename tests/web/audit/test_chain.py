"""Six kinds of tampering, by somebody who owns the database and computes every digest anew where it helps them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from liantu.errors import CallError
from liantu.web.audit import anchors, chain, triggers
from liantu.web.audit.actions import System, record
from liantu.web.audit.models import GENESIS, HASHED, Event, Head, digest_of

LENGTH = 40
PLACES = [1, 2, 19, 39, 40]


@pytest.fixture
def trail(db: None) -> chain.Anchor:
    """Forty events whose head was written down, and no trigger in the way."""
    with transaction.atomic():
        for number in range(LENGTH):
            record(System(), "thing.changed", "thing", number, after={"number": number}, reason="因为")
    with connection.cursor() as cursor:
        for statement in triggers.dropping(connection.vendor):
            cursor.execute(statement)
    head = Head.objects.get()
    return chain.Anchor(head.seq, head.digest)


def rechain() -> None:
    """Write every digest anew, as a careful forger would."""
    rows, previous = list(Event.objects.order_by("seq").values(*HASHED)), GENESIS
    Event.objects.all().delete()
    for number, row in enumerate(rows, 1):
        row.update(seq=number, previous=previous)
        previous = digest_of(row)
        Event(**row, digest=previous).save(force_insert=True)
    Head.objects.update(seq=len(rows), digest=previous)


def found(anchor: chain.Anchor) -> tuple[str | None, int]:
    verified = chain.verify([anchor])
    return verified.wrong, verified.at


def test_an_honest_trail_is_whole(trail: chain.Anchor) -> None:
    assert chain.Verified(events=LENGTH, head=trail.digest, anchors=1) == chain.verify([trail])


@pytest.mark.parametrize("at", PLACES)
@pytest.mark.parametrize("field", ["actor", "after", "reason", "at"])
def test_an_edit_is_found(trail: chain.Anchor, at: int, field: str) -> None:
    Event.objects.filter(seq=at).update(**{field: "another"})

    assert ("edited", at) == found(trail)


@pytest.mark.parametrize("at", PLACES[:-1])
def test_a_deletion_is_found(trail: chain.Anchor, at: int) -> None:
    Event.objects.filter(seq=at).delete()

    assert ("missing", at) == found(trail)


@pytest.mark.parametrize("at", PLACES)
def test_an_edit_with_its_own_digest_made_anew_is_found(trail: chain.Anchor, at: int) -> None:
    row = Event.objects.values(*HASHED).get(seq=at)
    row["reason"] = "another"
    Event.objects.filter(seq=at).update(reason="another", digest=digest_of(row))

    assert ("rewritten" if at == LENGTH else "joint", min(at + 1, LENGTH)) == found(trail)


@pytest.mark.parametrize("at", PLACES[:-1])
def test_a_swap_is_found(trail: chain.Anchor, at: int) -> None:
    Event.objects.filter(seq=at).update(seq=1000)
    Event.objects.filter(seq=at + 1).update(seq=at)
    Event.objects.filter(seq=1000).update(seq=at + 1)

    assert ("edited", at) == found(trail)


@pytest.mark.parametrize("at", PLACES)
def test_an_insertion_is_found(trail: chain.Anchor, at: int) -> None:
    for seq in range(LENGTH, at - 1, -1):
        Event.objects.filter(seq=seq).update(seq=seq + 1)
    planted = {**Event.objects.values(*HASHED).get(seq=at + 1), "seq": at, "target": "planted", "previous": "f" * 64}
    Event(**planted, digest=digest_of(planted)).save(force_insert=True)

    assert ("joint", at) == found(trail)


@pytest.mark.parametrize("left", [0, 1, 20, 39])
def test_a_tail_cut_off_is_found_even_when_the_head_was_moved_back(trail: chain.Anchor, left: int) -> None:
    Event.objects.filter(seq__gt=left).delete()
    assert ("cut", left + 1) == found(trail)

    Head.objects.update(seq=left, digest=Event.objects.get(seq=left).digest if left else GENESIS)
    if left:
        assert chain.verify().wrong is None, "without an anchor nothing shows"
    assert ("cut", left + 1) == found(trail)


@pytest.mark.parametrize("at", PLACES)
def test_a_history_rewritten_to_its_end_is_found(trail: chain.Anchor, at: int) -> None:
    Event.objects.filter(seq=at).update(reason="another")
    rechain()

    assert chain.verify().wrong is None, "without an anchor nothing shows"
    assert ("rewritten", LENGTH) == found(trail)


def test_a_hundred_edits_at_random_are_all_found(trail: chain.Anchor) -> None:
    chance = random.Random(20261121)
    rows = list(Event.objects.order_by("seq").values_list(*HASHED, "digest"))
    for _ in range(100):
        at, field = chance.randrange(LENGTH), chance.randrange(len(HASHED))
        forged = list(rows)
        forged[at] = (*rows[at][:field], f"{rows[at][field]}x", *rows[at][field + 1 :])
        assert chain.check(forged, [trail]).wrong is not None


# Anchors -----------------------------------------------------------------------------------------------------------


def test_an_anchor_written_is_read_again_and_a_forged_one_is_told(trail: chain.Anchor, tmp_path: Path) -> None:
    line = anchors.write()
    kept = tmp_path / "kept.txt"
    kept.write_text(line, encoding="ascii")
    assert [trail] == anchors.read(kept)

    kept.write_text(line.replace(f"{trail.seq} ", f"{trail.seq + 1} ", 1), encoding="ascii")
    assert "forged" == chain.verify(anchors.read(kept)).wrong
    kept.write_text("not an anchor", encoding="ascii")
    assert "forged" == chain.verify(anchors.read(kept)).wrong


def test_anchors_are_for_the_workbench_alone(trail: chain.Anchor) -> None:
    anchors.write()

    assert 0o700 == anchors.folder().stat().st_mode & 0o777
    assert {0o600} == {path.stat().st_mode & 0o777 for path in anchors.folder().iterdir()}
    assert settings.ANCHOR_KEY not in anchors.last()


def test_the_first_write_of_a_day_leaves_an_anchor(transactional_db: None, tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path
    with transaction.atomic():
        record(System(), "thing.changed", "thing", 1)
    with transaction.atomic():
        record(System(), "thing.changed", "thing", 2)

    assert [1] == [anchor.seq for anchor in anchors.read()]


def test_a_folder_that_cannot_be_written_does_not_undo_the_act(transactional_db: None, tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path / "absent"
    with transaction.atomic():
        record(System(), "thing.changed", "thing", 1)

    assert 1 == Event.objects.count()


# The event itself --------------------------------------------------------------------------------------------------


def test_an_event_outside_a_transaction_is_refused(transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        record(System(), "thing.changed", "thing", 1)


def test_an_act_that_fails_leaves_no_event(transactional_db: None) -> None:
    @transaction.atomic
    def act() -> None:
        record(System(), "thing.changed", "thing", 1)
        raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        act()
    assert (0, 0) == (Event.objects.count(), Head.objects.count())


def test_an_event_put_in_behind_the_head_is_found(trail: chain.Anchor) -> None:
    last = Event.objects.values(*HASHED).get(seq=LENGTH)
    more = {**last, "seq": LENGTH + 1, "previous": trail.digest, "reason": "another"}
    Event(**more, digest=digest_of(more)).save(force_insert=True)

    assert ("joint", LENGTH + 1) == found(trail)
    Head.objects.all().delete()
    assert chain.verify().wrong is not None


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL itself keeps text only")
@pytest.mark.parametrize("what", ["x'00ff'", "CAST(x'ff80' AS TEXT)", "7"])
def test_what_is_no_text_in_place_of_text_is_found(trail: chain.Anchor, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_event SET reason = {what} WHERE seq = 19")

    assert ("edited", 19) == found(trail)


def test_a_file_without_anchors_is_not_taken_for_one(trail: chain.Anchor, tmp_path: Path) -> None:
    empty = tmp_path / "anchors.txt"
    empty.write_text("\n")

    with pytest.raises(CallError) as told:
        call_command("audit", "verify", anchor=empty)
    assert "anchor-file" == told.value.code
