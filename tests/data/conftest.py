"""The bundled packages as tables and as a chain, read by the csv module alone so that a reader's fault is not hidden."""

from __future__ import annotations

import csv

import pytest

from liantu import data
from liantu.io.assemble import assemble
from liantu.model.chain import Chain
from liantu.model.tables import Table, Tables, merge


def tables(name: str) -> Tables:
    return Tables(name=name, tables={path.stem: _table(path.stem, path) for path in data.folder(name).glob("*.csv")})


def _table(name, path) -> Table:
    with path.open(encoding="utf-8", newline="") as lines:
        head, *rows = csv.reader(lines)
    columns = dict(zip(head, map(list, zip(*rows, strict=True)), strict=True))
    return Table(name=name, columns=columns, lines=range(2, len(rows) + 2), files=(path.name,))


@pytest.fixture(scope="session")
def reference() -> Tables:
    return tables("reference")


@pytest.fixture(scope="session")
def own() -> Tables:
    """Chenzhou without its base."""
    return tables("chenzhou")


@pytest.fixture(scope="session")
def chenzhou(reference, own) -> Tables:
    return merge(reference, own)


@pytest.fixture(scope="session")
def chain(chenzhou) -> Chain:
    made, findings = assemble(chenzhou)
    assert [] == [finding.where() for finding in findings]
    return made
