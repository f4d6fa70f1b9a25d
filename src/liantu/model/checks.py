"""What must hold across the rows of a chain. Owns: one generator a check, and their list. Never: reading, solving.

To warn about something new: write a generator, add it to ``CHECKS``, and its words to ``words/finding.csv``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from liantu.errors import InputError
from liantu.model.chain import Chain
from liantu.model.elements import composition_fractions, formula_fractions
from liantu.model.findings import Finding
from liantu.model.rows import Bools, Ints, Rows
from liantu.units import factor
from liantu.words import Value

TOLERANCE = 1e-6
# Three shares printed as 0.3333 fall short of one by a ten-thousandth: they are scaled up, and said to be.
_THIRDS, _ROUNDED = 1.0001e-4, 1e-9
Check = Callable[[Chain], Iterator[Finding]]


def inspect(chain: Chain) -> Iterator[Finding]:
    """All findings of all checks."""
    return (finding for check in CHECKS for finding in check(chain))


def _at(rows: Rows, row: int, column: str, code: str, **values: Value) -> Finding:
    file, line = rows.stands(row)
    return Finding(code=code, values=values, file=file, row=line, column=column)


def _where(mask: Bools) -> Iterator[int]:
    return (int(row) for row in np.flatnonzero(mask))


def reference_products(chain: Chain) -> Iterator[Finding]:
    """A process makes one net unit of its reference product, or takes one (treatment), in one row."""
    processes, exchanges = chain.processes, chain.exchanges
    if not len(processes):
        return
    known = (exchanges.process >= 0) & (exchanges.material >= 0) & ~np.isnan(exchanges.amount)
    own = known.copy()
    own[known] = processes.product[exchanges.process[known]] == exchanges.material[known]
    made = np.bincount(exchanges.process[own & (chain.sign > 0)], minlength=len(processes))
    taken = np.bincount(exchanges.process[own & (chain.sign < 0)], minlength=len(processes))
    net = np.bincount(exchanges.process[own], (chain.sign * exchanges.amount)[own], minlength=len(processes))
    # A recipe with an unreadable row is not judged: its own finding comes first.
    whole = np.bincount(exchanges.process[(exchanges.process >= 0) & ~known], minlength=len(processes)) == 0
    judged = whole & (processes.product >= 0)
    for row in _where(judged & (made == 0) & (taken == 0)):
        yield _at(
            processes, row, "product", "product-not-made", process=processes.id[row], product=chain.materials.id[processes.product[row]]
        )
    for row in _where(judged & ((made > 1) | (made == 0) & (taken > 1))):
        second = int(np.flatnonzero(own & (exchanges.process == row) & (chain.sign == (1 if made[row] else -1)))[1])
        product = chain.materials.id[processes.product[row]]
        yield _at(exchanges, second, "material", "product-twice", process=processes.id[row], product=product)
    wanted = np.where(made > 0, 1.0, -1.0)
    for row in _where(judged & (made + taken > 0) & (made <= 1) & (np.abs(net - wanted) > TOLERANCE)):
        first = int(np.flatnonzero(own & (exchanges.process == row))[0])
        product = chain.materials.id[processes.product[row]]
        yield _at(exchanges, first, "amount", "product-amount", process=processes.id[row], product=product, net=float(net[row]))


def exchange_rows(chain: Chain) -> Iterator[Finding]:
    """Low ≤ amount ≤ high; the same exchange in two rows is added up, which is said."""
    exchanges = chain.exchanges
    outside = (exchanges.low > exchanges.amount * (1 + TOLERANCE)) | (exchanges.high < exchanges.amount * (1 - TOLERANCE))
    for row in _where(outside):
        low, high = float(exchanges.low[row]), float(exchanges.high[row])
        yield _at(exchanges, row, "amount", "outside-bounds", value=float(exchanges.amount[row]), low=low, high=high)
    known = np.flatnonzero((exchanges.process >= 0) & (exchanges.material >= 0))
    width = len(chain.materials) + 1
    key = ((exchanges.process * width + exchanges.material) * 2 + (chain.sign > 0))[known]
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    for row in known[first[counts > 1]]:
        process, material = chain.processes.id[exchanges.process[row]], chain.materials.id[exchanges.material[row]]
        yield _at(exchanges, int(row), "material", "exchange-twice", process=process, material=material)


def material_masses(chain: Chain) -> Iterator[Finding]:
    """A mass given beside a unit of mass must be that mass; composition and formula must agree."""
    materials = chain.materials
    for row, (unit, kg) in enumerate(zip(materials.unit, materials.kg_per_unit.tolist(), strict=True)):
        try:
            mass = factor(unit, "kg")
        except InputError:
            continue
        if not np.isnan(kg) and abs(kg - mass) > TOLERANCE * mass:
            yield _at(materials, row, "kg_per_unit", "mass-differs", unit=unit, kg=kg, mass=mass)
    for row, (formula, composition) in enumerate(zip(materials.formula, materials.composition, strict=True)):
        if formula and composition:
            yield from _agree(chain, row, formula, composition)


def _agree(chain: Chain, row: int, formula: str, composition: str) -> Iterator[Finding]:
    try:
        by_formula, given = formula_fractions(formula), composition_fractions(composition)
    except InputError as error:
        if error.code == "formula":
            yield _at(chain.materials, row, "formula", "formula", **error.values)
        return
    worst = max(given, key=lambda symbol: abs(given[symbol] - by_formula.get(symbol, 0.0)))
    if abs(given[worst] - by_formula.get(worst, 0.0)) > 0.01:
        share = by_formula.get(worst, 0.0)
        yield _at(chain.materials, row, "composition", "composition-differs", element=worst, given=given[worst], formula=share)


def site_parents(chain: Chain) -> Iterator[Finding]:
    """No site lies in itself, however many steps up, nor stands at itself for freight."""
    for column in ("parent", "freight_at"):
        yield from _loops(chain, column)


def _loops(chain: Chain, column: str) -> Iterator[Finding]:
    parent: Ints = getattr(chain.sites, column)
    done = np.zeros(len(parent), dtype=bool)
    for start in range(len(parent)):
        path: list[int] = []
        at = start
        while at >= 0 and not done[at] and at not in path:
            path.append(at)
            at = int(parent[at])
        if at in path:
            loop = [*path[path.index(at) :], at]
            yield _at(chain.sites, at, column, "site-loop", loop=" → ".join(chain.sites.id[site] for site in loop))
        done[path] = True


def plant_dates(chain: Chain) -> Iterator[Finding]:
    """Building and planned plants need a start; nothing ends before it starts."""
    plants = chain.plants
    for row in _where(np.isin(plants.status, ["building", "planned"]) & np.isnan(plants.start)):
        yield _at(plants, row, "start", "start-absent", plant=plants.id[row], status=str(plants.status[row]))
    for rows in (plants, chain.markets):
        for row in _where(rows.end < rows.start):
            yield _at(rows, row, "end", "end-before-start", start=float(rows.start[row]), end=float(rows.end[row]))


def mixes(chain: Chain) -> Iterator[Finding]:
    """Shares of a material add up to one, over processes that make (or treat) it, each named once."""
    rows = chain.mixes
    known = (rows.material >= 0) & (rows.process >= 0) & ~np.isnan(rows.share)
    for row in _where(known):
        if chain.processes.product[rows.process[row]] != rows.material[row]:
            process, material = chain.processes.id[rows.process[row]], chain.materials.id[rows.material[row]]
            yield _at(rows, row, "process", "mix-maker", process=process, material=material)
    yield from _twice(rows, [rows.material, rows.process], "process", "mix-twice", known)
    # Making a material and treating it are two questions: each has shares of its own.
    side = np.where(chain.treats[rows.process], 1, 0) if len(chain.processes) else np.zeros(len(rows), dtype=int)
    for material, treated in sorted({(int(rows.material[row]), int(side[row])) for row in _where(known)}):
        mine = known & (rows.material == material) & (side == treated)
        total = float(rows.share[mine].sum())
        if abs(total - 1) > _ROUNDED:
            first = int(np.flatnonzero(mine)[0])
            code = "mix-sum" if abs(total - 1) > _THIRDS else "mix-scaled"
            yield _at(rows, first, "share", code, material=chain.materials.id[material], total=f"{total:.10g}")


def technologies(chain: Chain) -> Iterator[Finding]:
    """One row of economics a process."""
    rows = chain.technologies
    yield from _twice(rows, [rows.process], "process", "technology-twice", rows.process >= 0)


def _twice(rows: Rows, keys: list[Ints], column: str, code: str, known: Bools) -> Iterator[Finding]:
    seen: set[tuple[int, ...]] = set()
    for row in _where(known):
        key = tuple(int(one[row]) for one in keys)
        if key in seen:
            yield _at(rows, row, column, code)
        seen.add(key)


def stakes(chain: Chain) -> Iterator[Finding]:
    """Nobody can hold more than the whole of a firm."""
    rows = chain.stakes
    current = (rows.firm >= 0) & (np.array(rows.end, dtype=np.str_) == "")
    held = np.bincount(rows.firm[current], np.nan_to_num(rows.share[current]), minlength=len(chain.firms))
    for firm in _where(held > 1 + TOLERANCE):
        first = int(np.flatnonzero(current & (rows.firm == firm))[0])
        yield _at(rows, first, "share", "stake-above-one", firm=chain.firms.id[firm], total=float(held[firm]))


def unsourced(chain: Chain) -> Iterator[Finding]:
    """Numbers without a source are counted, table by table."""
    for name in ("plants", "technologies", "markets", "routes", "demands", "mixes", "stakes", "targets", "prices"):
        rows = getattr(chain, name)
        blank = [row for row, source in enumerate(rows.source) if not source]
        if blank:
            yield _at(rows, blank[0], "source", "source-blank", table=name, count=len(blank))


CHECKS: tuple[Check, ...] = (
    reference_products, exchange_rows, material_masses, site_parents, plant_dates, mixes, technologies, stakes, unsourced,
)  # fmt: skip
