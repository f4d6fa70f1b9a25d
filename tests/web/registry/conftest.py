"""A small register: two firms, two sites, their plants and a contract between them with a price nobody else may read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from liantu.web.accounts.models import Person
from liantu.web.audit.actions import System
from liantu.web.registry import actions
from liantu.web.registry.models import MODELS, Record

PRICE = "98765.4321"
ROWS: Mapping[str, list[dict[str, str]]] = {
    "sources": [{"id": "own", "citation": "Own figures", "published": "2026-09"}],
    "materials": [
        {"id": "ore", "name_zh": "矿石", "name_en": "Ore", "unit": "t", "kind": "resource"},
        {"id": "salt", "name_zh": "碳酸锂", "name_en": "Salt", "unit": "t"},
    ],
    "processes": [{"id": "refine", "name_zh": "提锂", "name_en": "Refining", "stage": "salt", "product": "salt"}],
    "exchanges": [
        {"process": "refine", "material": "salt", "direction": "out", "amount": "1", "unit": "t", "source": "own"},
        {"process": "refine", "material": "ore", "direction": "in", "amount": "40", "unit": "t", "source": "own"},
    ],
    "sites": [
        {"id": "cz", "name_zh": "郴州市", "name_en": "Chenzhou", "kind": "city"},
        {"id": "guiyang", "name_zh": "桂阳县", "name_en": "Guiyang", "parent": "cz", "kind": "county"},
        {"id": "gy_park", "name_zh": "桂阳园区", "name_en": "Guiyang park", "parent": "guiyang", "kind": "park"},
        {"id": "linwu", "name_zh": "临武县", "name_en": "Linwu", "parent": "cz", "kind": "county"},
    ],
    "firms": [
        {"id": "a", "name_zh": "甲公司", "name_en": "Firm A", "site": "gy_park"},
        {"id": "b", "name_zh": "乙公司", "name_en": "Firm B", "site": "linwu"},
    ],
    "plants": [
        {"id": "a1", "firm": "a", "process": "refine", "site": "gy_park", "capacity": "25000", "unit": "t/a", "status": "operating", "start": "2025", "source": "own"},
        {"id": "b1", "firm": "b", "process": "refine", "site": "linwu", "capacity": "30000", "unit": "t/a", "status": "building", "start": "2027", "source": "own"},
    ],
    "contracts": [
        {"id": "ab", "kind": "offtake", "seller": "b", "buyer": "a", "material": "salt", "volume": "500", "unit": "t/a", "price_rule": "fixed", "price": PRICE, "currency": "CNY"},
        {"id": "bb", "kind": "tolling", "seller": "b", "buyer": "b", "price_rule": "fee", "price": "4321.98", "note": "secretnote"},
    ],
}  # fmt: skip


@pytest.fixture
def registers(people: Mapping[str, Person]) -> Mapping[str, Mapping[str, Record]]:
    """The rows above, by table and key."""
    made: dict[str, dict[str, Record]] = {}
    for table, rows in ROWS.items():
        for row in rows:
            record = actions.create(table, {name: row.get(name, "") for name in MODELS[table].COLUMNS}, actor=System(), reason="first rows")
            made.setdefault(table, {})[record.key] = record
    return made
