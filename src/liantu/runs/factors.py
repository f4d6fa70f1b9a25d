"""What varies in a sweep, between which ends, and the draws. Owns: reading ``--vary`` and designs, run k's own numbers.
Never: solving, workers.

A factor multiplies a column in the rows of one thing, or adds to it: all prices of a material move together, or buying and selling it
would part and money come from nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from liantu.errors import CallError, InputError
from liantu.io import cells, encodings, limits
from liantu.io.changes import matching
from liantu.model import schema
from liantu.model.chain import Chain
from liantu.model.rows import Floats, Ints, Rows
from liantu.model.scenario import Change, Operation

SHORT: Mapping[str, str] = {
    "prices": "markets.price", "capex": "technologies.capex", "exchanges": "exchanges.amount",
    "capacities": "plants.capacity", "demands": "demands.amount",
}  # fmt: skip
# What makes rows one thing that moves together.
_THINGS: Mapping[str, tuple[str, ...]] = {
    "markets": ("material",), "demands": ("material",), "plants": ("id",), "technologies": ("process",), "sites": ("id",),
    "exchanges": ("process", "material", "direction"), "routes": ("origin", "destination", "material"),
}  # fmt: skip
_SPEC = re.compile(r"([a-z_]+)(?:\.([a-z_0-9]+))?(?:\[([^\]]+)\])?(\+?)(?:=(.+))?", re.DOTALL)
_NUMBER = r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_AROUND = re.compile(r"(?:±|\+-|\+/-)\s*([0-9]+(?:\.[0-9]+)?)\s*[%％]")
_APART = re.compile(rf"({_NUMBER})\s*(?:\.\.|:)\s*({_NUMBER})")
_AMOUNTS = frozenset({"number", "quantity", "price"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A number that multiplies one column in some rows, or is added to it, anywhere between ``low`` and ``high``.

    ``is_cut`` if the data give a lower end at which the material would be bought for less than nothing, and be thrown away.
    """

    name: str
    table: str
    column: str
    rows: Ints
    operation: Operation
    low: float
    high: float
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spec:
    """One word of ``--vary``, or one header of a design, taken apart."""

    text: str
    table: str
    column: str
    rows: str
    operation: Operation
    ends: tuple[float, float] | None


def factors(chain: Chain, specs: Sequence[str]) -> tuple[Factor, ...]:
    """The factors that the words of ``--vary`` mean.

    Raises
    ------
    CallError
        ``vary-form``, ``vary-range``, ``vary-nothing``, ``vary-twice``, and what finding the rows raises.
    """
    found = tuple(factor for text in specs for factor in _factors(chain, _read(text)))
    names = [factor.name for factor in found]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise CallError("vary-twice", {"value": twice})
    return found


def _factors(chain: Chain, spec: _Spec) -> Iterator[Factor]:
    try:
        rows = _varying(chain, spec)
    except InputError as error:
        raise CallError(error.code, error.values) from error
    ends = _own_ends(chain, spec) if spec.ends is None else None
    made = 0
    for name, of in _things(chain, spec.table, rows):
        between = ends(of) if ends else Between(spec.operation, *(spec.ends or (np.nan, np.nan)))
        if np.isfinite(between.low) and np.isfinite(between.high):
            made += 1
            told = f"{spec.table}.{spec.column}[{name}]{'+' if between.operation == 'plus' else ''}"
            yield Factor(name=told, table=spec.table, column=spec.column, rows=of, **asdict(between))
    if not made:
        raise CallError("vary-range" if rows.size else "vary-nothing", {"value": spec.text})


def _varying(chain: Chain, spec: _Spec) -> Ints:
    """The rows that are meant and hold a number; a recipe's reference product is 1 by definition and stays."""
    rows = matching(chain, spec.table, spec.rows)
    values = getattr(getattr(chain, spec.table), spec.column)
    keep = ~np.isnan(values[rows])
    if (spec.table, spec.column) == ("exchanges", "amount"):
        keep &= chain.processes.product[chain.exchanges.process[rows]] != chain.exchanges.material[rows]
    kept: Ints = rows[keep]
    return kept


@dataclass(frozen=True, slots=True)
class Between:
    """How far a thing varies, and how."""

    operation: Operation
    low: float
    high: float
    is_cut: bool = False


Ends = Callable[[Ints], Between]


def _read(text: str) -> _Spec:
    """``TABLE.COLUMN[ROWS]``, with + where a number is added, and with the ends if they are given."""
    found = _SPEC.fullmatch(text.strip())
    if found is None:
        raise CallError("vary-form", {"value": text[:80]})
    table, column, rows, plus, ends = found.groups()
    if column is None:
        table, _, column = SHORT.get(table, "").partition(".")
    known = schema.tables().get(table)
    if known is None or column not in known.columns or known.columns[column].type not in _AMOUNTS:
        raise CallError("vary-form", {"value": text[:80]})
    operation: Operation = "plus" if plus else "times"
    between = _ends(text, ends, operation) if ends else None
    return _Spec(text=text[:80], table=table, column=column, rows=rows or "*", operation=operation, ends=between)


def _ends(text: str, ends: str, operation: Operation) -> tuple[float, float]:
    """``0.8..1.2`` or ``±20%``."""
    around = _AROUND.fullmatch(ends.strip())
    apart = _APART.fullmatch(ends.strip())
    low = high = np.nan
    if around and operation == "times":
        low, high = 1 - float(around[1]) / 100, 1 + float(around[1]) / 100
    elif apart:
        low, high = float(apart[1]), float(apart[2])
    if not -np.inf < low <= high < np.inf or (operation == "times" and low < 0):
        raise CallError("vary-form", {"value": text[:80]})
    return low, high


def _own_ends(chain: Chain, spec: _Spec) -> Ends:
    """Ends from what the data say of their own range."""
    if (spec.table, spec.column) == ("markets", "price"):
        return _quoted(chain)
    own = {("exchanges", "amount"): ("low", "high"), ("technologies", "capex"): ("capex_low", "capex_high")}
    if (spec.table, spec.column) not in own:
        raise CallError("vary-range", {"value": spec.text})
    rows = getattr(chain, spec.table)
    value = getattr(rows, spec.column)
    low, high = (getattr(rows, name) / np.where(value == 0, np.nan, value) for name in own[spec.table, spec.column])
    return lambda at: Between("times", float(low[at].mean()), float(high[at].mean()))


def _quoted(chain: Chain) -> Ends:
    """Ends of a material's price, from its latest quotation that gives them.

    A price that may change its sign (a residue that is sold in good years) moves by a sum: multiplied by less than nothing,
    the dearer of buying and selling would become the cheaper. What is bought never costs less than nothing: it could be
    bought without end and thrown away.
    """
    quotes, markets = chain.prices, chain.markets
    latest: dict[int, int] = {}
    for row in sorted(range(len(quotes)), key=lambda row: quotes.date[row]):
        if not np.isnan(quotes.low[row] + quotes.high[row]):
            latest[int(quotes.material[row])] = row

    def ends(rows: Ints) -> Between:
        row = latest.get(int(markets.material[rows[0]]))
        if row is None:
            return Between("times", np.nan, np.nan)
        low, price, high = (float(one[row]) for one in (quotes.low, quotes.price, quotes.high))
        if 0 <= low <= high and price > 0:
            return Between("times", low / price, high / price)
        if low <= high <= 0 and price < 0:
            return Between("times", high / price, low / price)
        bought = markets.price[rows[markets.direction[rows] == "buy"]]
        least = -float(bought.min(initial=np.inf))
        return Between("plus", max(low - price, least), high - price, is_cut=low - price < least)

    return ends


def _things(chain: Chain, table: str, rows: Ints) -> Iterator[tuple[str, Ints]]:
    """The rows thing by thing, under names that find them again."""
    keys = _THINGS.get(table) or (next(iter(schema.table(table).columns)),)
    named: dict[str, list[int]] = {}
    for row in rows.tolist():
        named.setdefault(";".join(f"{key}={_label(chain, table, key, row)}" for key in keys), []).append(row)
    return ((name, np.array(of, dtype=np.intp)) for name, of in named.items())


def _label(chain: Chain, table: str, key: str, row: int) -> str:
    rows: Rows = getattr(chain, table)
    value, column = getattr(rows, key)[row], schema.table(table).columns[key]
    if column.type == "ref":
        return str(getattr(chain, column.refers).id[value]) if value >= 0 else ""
    return str(value)


def draws(found: Sequence[Factor], seed: int, first: int, last: int) -> Floats:
    """The numbers of runs ``first`` to ``last`` − 1, evenly spread between each factor's ends.

    Run k has a stream of its own, the k-th child of the seed, so that it is the same however many are asked for.
    """
    low = np.array([factor.low for factor in found])
    high = np.array([factor.high for factor in found])
    share = np.empty((last - first, len(found)))
    for run in range(first, last):
        share[run - first] = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(run,))).random(len(found))
    numbers: Floats = low + share * (high - low)
    return numbers


class Changer:
    """Turns the numbers of one run into changes; which rows meet which factor is worked out once."""

    def __init__(self, found: Sequence[Factor]) -> None:
        groups: dict[tuple[str, str, Operation], list[int]] = {}
        for at, factor in enumerate(found):
            groups.setdefault((factor.table, factor.column, factor.operation), []).append(at)
        self._groups = [(*key, *_placed([found[at].rows for at in of], of)) for key, of in groups.items()]

    def changes(self, numbers: Floats) -> list[Change]:
        """One run's changes; factors that meet in a row are both felt."""
        made = []
        for table, column, operation, rows, place, owner in self._groups:
            values = np.full(rows.size, 1.0 if operation == "times" else 0.0)
            (np.multiply if operation == "times" else np.add).at(values, place, numbers[owner])
            made.append(Change(table=table, column=column, rows=rows, operation=operation, values=values))
        return made


def _placed(parts: Sequence[Ints], of: Sequence[int]) -> tuple[Ints, Ints, Ints]:
    """All rows of several factors, each once; where each entry goes, and the factor it comes from."""
    rows, place = np.unique(np.concatenate(parts), return_inverse=True)
    return rows, place, np.repeat(np.array(of, dtype=np.intp), [part.size for part in parts])


def design(chain: Chain, path: Path) -> tuple[tuple[Factor, ...], Floats]:
    """Factors and their numbers from a CSV file: a column a factor, a row a run.

    Raises
    ------
    InputError
        ``design-column`` and ``design-number`` at their place, ``design-empty``.
    """
    header, *rows = [row for row in _rows(path) if any(cell.strip() for cell in row[1])] or [(1, [])]
    names = [name.strip() for name in header[1]]
    used = [at for at, name in enumerate(names) if name not in ("", "run")]
    if not rows or not used:
        raise InputError("design-empty", file=path.name)
    found = tuple(_one(chain, names[at], path.name, header[0]) for at in used)
    values = np.array([[_number(row, at, one, path.name) for at, one in zip(used, found, strict=True)] for row in rows])
    low, high = values.min(axis=0).tolist(), values.max(axis=0).tolist()
    return tuple(replace(one, low=least, high=most) for one, least, most in zip(found, low, high, strict=True)), values


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        with path.open("rb") as handle:
            data = handle.read(limits.FILE_BYTES + 1)
    except OSError as error:
        raise InputError("design-unread", {"reason": error.strerror or ""}, file=path.name) from None
    limits.check_bytes("limit-bytes", len(data), limits.FILE_BYTES, file=path.name)
    text = encodings.decodable(data, path.name)
    reader = csv.reader(io.StringIO(text.data.decode(text.encoding).removeprefix("\ufeff")))
    return [(reader.line_num, row) for row in reader]


def _one(chain: Chain, name: str, file: str, line: int) -> Factor:
    """A whole column of a design: all its rows move together."""
    refusal = InputError("design-column", {"value": name[:80]}, file=file, row=line, column=name[:80])
    try:
        spec = _read(name)
        rows = _varying(chain, spec)
    except (CallError, InputError):
        raise refusal from None
    if spec.ends is not None or not rows.size:
        raise refusal
    return Factor(name=name, table=spec.table, column=spec.column, rows=rows, operation=spec.operation, low=1.0, high=1.0)


def _number(row: tuple[int, list[str]], at: int, factor: Factor, file: str) -> float:
    line, given = row
    text = given[at].strip() if at < len(given) else ""
    try:
        value = cells.number(text).value
    except InputError:
        value = np.nan
    if np.isnan(value) or (value < 0 and factor.operation == "times"):
        raise InputError("design-number", {"value": text[:40]}, file=file, row=line, column=factor.name[:80])
    return value
