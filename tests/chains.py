"""Small chains for tests, written as recipes and brought in through the same door as a user's own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from liantu.io.assemble import assemble
from liantu.model.chain import Chain
from liantu.model.rows import Floats
from liantu.model.tables import Table, Tables

# Signed amounts per unit of the first material, the reference product; a pair stands for (made, taken).
Recipe = Mapping[str, float | tuple[float, float]]
Row = Mapping[str, object]


def chain_of(
    recipes: Mapping[str, Recipe],
    *,
    stages: Mapping[str, str] | None = None,
    materials: Mapping[str, Row] | None = None,
    capacities: Mapping[str, float] | None = None,
    mixes: Mapping[str, Mapping[str, float]] | None = None,
    **more: Sequence[Row],
) -> Chain:
    """A chain of recipes: every material in tonnes, every stage called "making", unless said otherwise."""
    names = dict.fromkeys([*(name for recipe in recipes.values() for name in recipe), *(materials or {})])
    rows: dict[str, Sequence[Row]] = {
        "materials": [{"id": name, "unit": "t", **(materials or {}).get(name, {})} for name in names],
        "processes": [
            {"id": name, "stage": (stages or {}).get(name, "making"), "product": next(iter(recipe))} for name, recipe in recipes.items()
        ],
        "exchanges": [
            row for name, recipe in recipes.items() for material, amount in recipe.items() for row in _exchanges(name, material, amount)
        ],
        "mixes": [
            {"material": material, "process": name, "share": share} for material, of in (mixes or {}).items() for name, share in of.items()
        ],
        "sources": [{"id": "hand", "citation": "worked by hand"}],
        **more,
    }
    if capacities:
        plants = [{"id": f"plant_{name}", "process": name, "capacity": amount, "site": "here"} for name, amount in capacities.items()]
        rows["plants"] = [*(_plant(row) for row in plants), *(_plant(row) for row in more.get("plants", ()))]
    elif "plants" in more:
        rows["plants"] = [_plant(row) for row in more["plants"]]
    rows.setdefault(
        "sites", [{"id": site} for site in dict.fromkeys(str(row["site"]) for row in rows.get("plants", ()))] or [{"id": "here"}]
    )
    rows.setdefault("firms", [{"id": "firm"}])
    units = {str(row["id"]): row["unit"] for row in rows["materials"]}
    products = {str(row["id"]): str(row["product"]) for row in rows["processes"]}
    rows["exchanges"] = [{"unit": units[str(row["material"])], **row} for row in rows["exchanges"]]
    rows["plants"] = [{"unit": f"{units[products[str(row['process'])]]}/a", **row} for row in rows.get("plants", ())]
    return assembled(rows)


def assembled(rows: Mapping[str, Sequence[Row]]) -> Chain:
    """The chain of these rows; a row that is wrong fails the test with its finding."""
    chain, findings = assemble(tables_of(rows))
    wrong = [finding.message("en") for finding in findings if finding.level == "error"]
    assert chain is not None, wrong
    return chain


def tables_of(rows: Mapping[str, Sequence[Row]]) -> Tables:
    """Rows as a reader would hand them over."""
    return Tables(name="test", tables={name: _table(name, some) for name, some in rows.items() if some})


def amounts(chain: Chain, asked: Mapping[str, float]) -> Floats:
    """Amounts by material id, in the chain's order."""
    given = np.zeros(len(chain.materials))
    for name, amount in asked.items():
        given[chain.material_index[name]] = amount
    return given


def by_material(chain: Chain, values: Floats) -> dict[str, float]:
    """What is not zero, by material id."""
    return {name: float(value) for name, value in zip(chain.materials.id, values, strict=True) if value}


def by_process(chain: Chain, values: Floats) -> dict[str, float]:
    """What is not zero, by process id."""
    return {name: float(value) for name, value in zip(chain.processes.id, values, strict=True) if value}


def _exchanges(process: str, material: str, amount: float | tuple[float, float]) -> list[Row]:
    made, taken = amount if isinstance(amount, tuple) else (max(amount, 0), max(-amount, 0))
    row = {"process": process, "material": material, "source": "hand"}
    return [{**row, "direction": side, "amount": of} for side, of in (("out", made), ("in", taken)) if of]


def _plant(row: Row) -> Row:
    return {"firm": "firm", "status": "operating", **row}


def _table(name: str, rows: Sequence[Row]) -> Table:
    columns = dict.fromkeys(column for row in rows for column in row)
    cells = {column: [_text(row.get(column, "")) for row in rows] for column in columns}
    return Table(name=name, columns=cells, lines=range(2, len(rows) + 2), files=[f"{name}.csv"])


def _text(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)
