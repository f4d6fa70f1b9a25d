"""Plans against each other: money, what is built of each process, at each site, limits. Owns: these tables. Never: markup, solving."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from liantu.model.results import Grid, Record, RunRecord
from liantu.model.scenario import BASE
from liantu.report import numbers
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.labels import process_name, scenario_name
from liantu.report.links import renamings
from liantu.report.page import Cell, Column, Phrase, Table
from liantu.report.phrases import marked
from liantu.report.planning import currency_of, each_more, limit_name
from liantu.report.prospects import place_name
from liantu.report.tables import column, table
from liantu.runs.sides import sides
from liantu.words import Lang, Value, say

_SHOWN, _SHOWN_LIMITS = 24, 12
# Plans whose worth differs by less than a solver's tolerance earn the same.
EVEN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """What sets plans apart: a sentence, the table of money and processes, tables of sites and limits to be unfolded."""

    lead: tuple[Phrase, ...]
    table: Table
    details: tuple[Table, ...]


def apart(facts: Facts, plans: Sequence[RunRecord], lang: Lang) -> Apart:
    """The plans, each under the name of its scenario, beside the first."""
    side = _Side(facts, plans, lang)
    return Apart(lead=side.lead(), table=side.table(), details=(side.builds(), side.limits()))


class _Side:
    """Plans side by side in one language; what only gives a material another name is no build."""

    def __init__(self, facts: Facts, plans: Sequence[RunRecord], lang: Lang) -> None:
        self.facts, self.lang = facts, lang
        self.names = [called(facts, plan, at, lang) for at, plan in enumerate(plans)]
        self.currency = currency_of(facts, plans[0])
        self.grids: Mapping[str, Grid] = sides(self.names, plans)
        self.passing = renamings(facts.chain)

    def lead(self) -> tuple[Phrase, ...]:
        """Which plan earns more, and in how many processes they differ."""
        worth = {row["scenario"]: number(row, "value") for row in self.grids["money"] if row["part"] == "objective"}
        ends = sorted(self.names, key=lambda name: -worth[name])
        far = worth[ends[0]] - worth[ends[-1]]
        differ = {row["process"] for row in self._built("processes") if row["apart"] != "same"}
        values: dict[str, Value] = {
            "first": ends[0], "last": ends[-1], "count": len(differ),
            "more": numbers.money(far, self.currency, self.lang),
        }  # fmt: skip
        return marked("report.lead-apart" if far > EVEN * abs(worth[ends[0]]) else "report.lead-apart-even", self.lang, values)

    def table(self) -> Table:
        """Money, then the processes that are not built alike."""
        both = [column("apart", self.lang, "number")] if len(self.names) == 2 else []
        columns = (column("compared", self.lang, "name"), column("unit", self.lang, "unit"), column("differs", self.lang), *self._columns())
        return table("apart", self.lang, (*columns, *both), [*self._money(), *self._processes()], shown=_SHOWN)

    def builds(self) -> Table:
        """The same at each site, with the year it is begun."""
        columns = (column("link", self.lang, "name"), column("built-at", self.lang, "under"), column("unit", self.lang, "unit"),
                   column("differs", self.lang), *self._columns("text"))  # fmt: skip
        return table("apart-builds", self.lang, columns, self._sites(), shown=_SHOWN)

    def limits(self) -> Table:
        """What one more unit of each limit that binds is worth in each plan."""
        columns = (column("limit", self.lang, "name"), column("in-year", self.lang), *self._columns())
        return table("apart-limits", self.lang, columns, self._limit_rows(), shown=_SHOWN_LIMITS)

    def _columns(self, kind: str = "number") -> list[Column]:
        return [Column(title=name, kind="number" if kind == "number" else "text") for name in self.names]

    def _built(self, name: str) -> Iterator[Record]:
        return (row for row in self.grids[name] if not self.passing[self.facts.chain.process_index[text(row, "process")]])

    def _by(self, rows: Iterator[Record] | Grid, *keys: str) -> dict[tuple[str, ...], dict[str, list[Record]]]:
        """Rows under their keys, then under their plan."""
        found: dict[tuple[str, ...], dict[str, list[Record]]] = {}
        for row in rows:
            found.setdefault(tuple(text(row, key) for key in keys), {}).setdefault(text(row, "scenario"), []).append(row)
        return found

    def _money(self) -> Iterator[tuple[Cell, ...]]:
        for (part,), of in self._by(self.grids["money"], "part").items():
            values = [number(of[name][0], "value") for name in self.names]
            if any(values):
                by, unit = numbers.money_scale(max(map(abs, values)), self.currency, self.lang)
                yield self._row(say(f"report.part-{part}", self.lang), unit, "", [value / by for value in values])

    def _processes(self) -> Iterator[tuple[Cell, ...]]:
        for (process, unit, said), of in self._by(self._built("processes"), "process", "unit", "apart").items():
            if said != "same":
                values = [number(of[name][0], "capacity") for name in self.names]
                scale = numbers.scale(unit, max(values), self.lang)
                word = say(f"report.apart-{said}", self.lang)
                yield self._row(self._process(process), scale.unit, word, [value * scale.factor for value in values])

    def _row(self, name: str, unit: str, said: str, values: Sequence[float]) -> tuple[Cell, ...]:
        decimals = numbers.digits(max(map(abs, values)))
        cells = [Cell(text="0" if value == 0 else numbers.fixed(value, decimals), value=value, decimals=decimals) for value in values]
        far = values[0] - values[-1]
        both = [Cell(text=numbers.signed(far, decimals), value=far, decimals=decimals)] if len(values) == 2 else []
        return Cell(text=name), Cell(text=unit), Cell(text=said), *cells, *both

    def _process(self, process: str) -> str:
        return process_name(self.facts, self.facts.chain.process_index[process], self.lang)

    def _sites(self) -> Iterator[tuple[Cell, ...]]:
        sites = self.facts.chain.sites
        for (process, site, unit, said), of in self._by(self._built("builds"), "process", "site", "unit", "apart").items():
            if said != "same":
                scale = numbers.scale(unit, max(number(row, "capacity") for rows in of.values() for row in rows), self.lang)
                dated = (self._dated(of.get(name, []), scale.factor) for name in self.names)
                where = Cell(text=place_name(self.facts.chain, sites.id.index(site), self.lang))
                yield (
                    Cell(text=self._process(process)),
                    where,
                    Cell(text=scale.unit),
                    Cell(text=say(f"report.apart-{said}", self.lang)),
                    *dated,
                )

    def _dated(self, rows: Sequence[Record], factor: float) -> Cell:
        each = [f"{numbers.short(number(row, 'capacity') * factor)} ({number(row, 'year'):.0f})" for row in rows]
        return Cell(text=", ".join(each) or numbers.BLANK)

    def _limit_rows(self) -> Iterator[tuple[Cell, ...]]:
        for of in self._by(self.grids["limits"], "limit", "site", "material", "direction", "year", "unit").values():
            rows = [of[name][0] for name in self.names]
            worth = (Cell(text=each_more(row, self.currency, self.lang), value=or_zero(number(row, "value"))) for row in rows)
            yield Cell(text=limit_name(self.facts, rows[0], self.lang)), Cell(text=f"{number(rows[0], 'year'):.0f}"), *worth


def called(facts: Facts, plan: RunRecord, at: int, lang: Lang) -> str:
    """The scenario of a plan; plans without one are counted."""
    name = str(plan.options.get("scenario", ""))
    if name and name != BASE:
        return scenario_name(facts.chain, name, lang)
    return say("report.plan-base", lang) if name or at == 0 else say("report.plan-other", lang, {"number": at + 1})
