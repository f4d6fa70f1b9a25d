"""A chain of two steps in the registers, published: small enough to be worked by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liantu.model.tables import Table, Tables
from liantu.web.accounts.models import Person
from liantu.web.config.jobs import HANDLERS
from liantu.web.jobs import actions as jobs
from liantu.web.jobs import child
from liantu.web.registry import queries
from liantu.web.registry.models import Snapshot, Version
from liantu.web.work import context
from liantu.web.work.context import Asked

# 1 t of ore makes 1 t of salt at 60 t/a; 2 t of salt make 1 t of cell material, of which there is no plant in 2024.
ROWS: dict[str, list[dict[str, str]]] = {
    "materials": [
        {"id": "ore", "name_en": "ore", "name_zh": "矿石", "unit": "t", "kind": "resource"},
        {"id": "salt", "name_en": "salt", "name_zh": "盐", "unit": "t", "kind": "good"},
        {"id": "cell", "name_en": "cell", "name_zh": "电芯", "unit": "t", "kind": "good"},
    ],
    "processes": [
        {"id": "refine", "name_en": "refining", "name_zh": "冶炼", "stage": "refining", "product": "salt"},
        {"id": "build", "name_en": "cell making", "name_zh": "电芯制造", "stage": "cell", "product": "cell"},
    ],
    "exchanges": [
        {"process": "refine", "material": "ore", "direction": "in", "amount": "1", "unit": "t", "basis": "estimate", "source": "s"},
        {"process": "refine", "material": "salt", "direction": "out", "amount": "1", "unit": "t", "basis": "estimate", "source": "s"},
        {"process": "build", "material": "salt", "direction": "in", "amount": "2", "unit": "t", "basis": "estimate", "source": "s"},
        {"process": "build", "material": "cell", "direction": "out", "amount": "1", "unit": "t", "basis": "estimate", "source": "s"},
    ],
    "sites": [{"id": "north", "name_en": "North", "name_zh": "北", "kind": "county"}],
    "firms": [{"id": "a", "name_en": "A", "name_zh": "甲", "site": "north"}],
    "plants": [
        {"id": "p1", "firm": "a", "process": "refine", "site": "north", "capacity": "60", "unit": "t", "status": "operating", "start": "2023"},
        {"id": "p2", "firm": "a", "process": "build", "site": "north", "capacity": "10", "unit": "t", "status": "operating", "start": "2025"},
    ],
    "sources": [{"id": "s", "citation": "worked by hand"}],
    "settings": [{"key": "year", "value": "2025"}, {"key": "yardstick", "value": "cell=20 t"}],
}  # fmt: skip


def tables_of(rows: dict[str, list[dict[str, str]]]) -> Tables:
    def table(name: str, of: list[dict[str, str]]) -> Table:
        columns = list(dict.fromkeys(column for row in of for column in row))
        cells = {column: [row.get(column, "") for row in of] for column in columns}
        return Table(name=name, columns=cells, lines=range(2, len(of) + 2), files=(f"{name}.csv",))

    return Tables(name="two-steps", tables={name: table(name, of) for name, of in rows.items()})


def published(number: int, tables: Tables) -> Version:
    """A state of the registers under a number, published."""
    snapshot = Snapshot.objects.create(revision=number, digest=tables.digest(), content=queries.packed(tables), rows="{}")
    return Version.objects.create(number=number, name=str(number), reason="-", snapshot=snapshot, state="published", proposed_by="x")


@pytest.fixture
def version(db: None) -> Version:
    """The chain as version 1."""
    return published(1, tables_of(ROWS))


@pytest.fixture
def asked(version: Version, people: dict[str, Person]) -> Asked:
    """What the pages speak of where the address says nothing."""
    return context.settled(people["editor"])


@pytest.fixture
def work(db: None) -> Callable[[], list[str]]:
    """Do what waits, here instead of in a child; says how each job ended."""

    def done() -> list[str]:
        states = []
        while (job := jobs.claim()) is not None:
            child.run(job.pk, job.token, HANDLERS)
            job.refresh_from_db()
            states.append(job.state)
        return states

    return done
