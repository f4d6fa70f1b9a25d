"""Many futures on one page: what happens in most of them, what flips it, what the money hangs on. Owns: the page of a sweep.
Never: markup, drawing numbers, solving.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from liantu.model import schema
from liantu.model.chain import Chain
from liantu.model.results import Record, RunRecord
from liantu.report import numbers
from liantu.report.cells import number, text
from liantu.report.labels import chain_title, join, scenario_name
from liantu.report.names import either
from liantu.report.page import Bar, Cell, Column, KeyFigure, Page, Phrase, Report, Section, Table
from liantu.report.phrases import marked
from liantu.report.tables import column, table
from liantu.words import LANGUAGES, Lang, Value, say

_SHOWN, _ROWS, _COLUMNS = 30, 20, 8
# In at least nine of ten futures: it holds whatever comes; in at most one of ten: it does not happen.
_SURE = 0.9
_FACTOR = re.compile(r"([a-z_]+)\.([a-z_0-9]+)(?:\[(.*)\])?(\+?)", re.DOTALL)


def futures(chain: Chain, record: RunRecord, *, lang: Lang, at: str = "") -> Report:
    """The page of a sweep over a chain, in both languages."""
    return Report(lang=lang, pages={each: _Futures(chain, record, each).page(at) for each in LANGUAGES})


@dataclass(frozen=True, slots=True)
class _Futures:
    chain: Chain
    record: RunRecord
    lang: Lang

    def page(self, at: str) -> Page:
        """Head, figures, what happens, what flips it, what varies."""
        sections = (self._happens(), self._flips(), self._factors())
        return Page(
            lang=self.lang,
            title=say("report.futures-title", self.lang, {"chain": chain_title(self.chain, self.lang)}),
            dateline=self._dateline(at),
            conclusion=self._conclusion(),
            reckoned=say("report.futures-reckoned", self.lang),
            figures=self._figures(),
            sections=tuple(section for section in sections if section is not None),
            foot=(say("report.foot-run-undated", self.lang, {"version": self.record.version, "digest": self.record.digest[:12]}),),
            badges=(say("report.dateline-illustrative", self.lang),) if (self.chain.plants.basis == "illustrative").any() else (),
        )

    @property
    def outcomes(self) -> list[Record]:
        return [*self.record.grid("outcomes")]

    def _dateline(self, at: str) -> tuple[str, ...]:
        scenario, result = str(self.record.options.get("scenario", "")), self.record.result
        lines = [say("report.dateline-year", self.lang, {"year": str(result["year"])})]
        lines += (
            [say("report.dateline-scenario", self.lang, {"scenario": scenario_name(self.chain, scenario, self.lang)})] if scenario else []
        )
        lines += [say("report.futures-seed", self.lang, {"runs": str(result["done"]), "seed": str(self.record.options["seed"])})]
        return (*lines, *([say("report.dateline-run", self.lang, {"at": at})] if at else []))

    def _counts(self) -> tuple[int, int]:
        shares = [number(row, "share") for row in self.outcomes]
        return sum(share >= _SURE for share in shares), sum(1 - _SURE < share < _SURE for share in shares)

    def _conclusion(self) -> tuple[Phrase, ...]:
        sure, open_ = self._counts()
        values: dict[str, Value] = {"runs": str(self.record.result["done"]), "sure": sure, "open": open_, "what": self._what()}
        said = marked("report.futures-conclusion", self.lang, values, "long")
        told = [row for row in self.outcomes if row["factor"] and 1 - _SURE < number(row, "share") < _SURE]
        if not told:
            return said
        most = max(told, key=lambda row: abs(number(row, "correlation")))
        flips: dict[str, Value] = {"item": _plain(self._item(most)), "factor": self._factor(text(most, "factor"))}
        return (*said, *marked("report.futures-conclusion-flips", self.lang, flips, "short"))

    def _what(self) -> str:
        """What is counted: plants that run, links that pay, builds."""
        return say(f"report.futures-what-{self.record.result['verb']}", self.lang)

    def _figures(self) -> tuple[KeyFigure, ...]:
        worth, (sure, open_) = self.record.result["objective"], self._counts()
        figures = [
            self._figure("sure", str(sure), self._what()),
            self._figure("open", str(open_), self._what()),
        ]
        if isinstance(worth, Mapping) and math.isfinite(number(worth, "median")):
            currency = next(iter(self.chain.markets.currency), "")
            low, median, high = (numbers.money(number(worth, name), currency, self.lang) for name in ("low", "median", "high"))
            meaning = say("report.futures-figure-worth-meaning", self.lang, {"low": low, "high": high})
            figures.insert(0, KeyFigure(label=say("report.futures-figure-worth", self.lang), value=median, unit="", meaning=meaning))
        ended = [row for row in self.record.grid("ended") if row["status"] != "optimal"]
        if ended:
            names = join([" ".join((say(f"report.ended-{row['status']}", self.lang), str(row["runs"]))) for row in ended], self.lang)
            total = sum(int(number(row, "runs")) for row in ended)
            figures.append(KeyFigure(label=say("report.futures-figure-ended", self.lang), value=str(total), unit="", meaning=names))
        return tuple(figures)

    def _figure(self, key: str, value: str, meaning: str) -> KeyFigure:
        return KeyFigure(label=say(f"report.futures-figure-{key}", self.lang), value=value, unit="", meaning=meaning)

    def _happens(self) -> Section:
        columns = (
            column("futures-item", self.lang, "name"),
            column("futures-where", self.lang, "under"),
            column("futures-share", self.lang, "number"),
            column("futures-bar", self.lang, "bar"),
            column("unit", self.lang, "unit"),
            column("futures-low", self.lang, "number", minor=True),
            column("futures-median", self.lang, "number"),
            column("futures-high", self.lang, "number", minor=True),
            column("futures-factor", self.lang),
        )
        rows = (self._outcome(row) for row in self.outcomes)
        found = table("futures", self.lang, columns, rows, shown=_SHOWN)
        return Section(key="futures", title=self._title("happens"), hint=say("report.hint-futures", self.lang), tables=(found,))

    def _title(self, key: str) -> str:
        return say(f"report.section-futures-{key}", self.lang)

    def _outcome(self, row: Record) -> tuple[Cell, ...]:
        name, where, unit = self._item(row)
        share = 100 * number(row, "share")
        scale = numbers.scale(unit, abs(number(row, "high")), self.lang)
        spread = (number(row, key) * scale.factor for key in ("low", "median", "high"))
        return (
            Cell(text=name), Cell(text=where), Cell(text=numbers.percent(share / 100), value=share, decimals=0),
            Cell(text="", bar=Bar(running=share)), Cell(text=scale.unit),
            *(Cell(text=numbers.short(value), value=value) for value in spread),
            Cell(text=self._factor(text(row, "factor")) if row["factor"] else numbers.BLANK),
        )  # fmt: skip

    def _flips(self) -> Section | None:
        """The picture: what tells on what, a row an outcome, a column a factor."""
        cells = {(text(row, "item"), text(row, "factor")): number(row, "correlation") for row in self.record.grid("picture")}
        if not cells:
            return None
        items, names = (_strongest(cells, at, most) for at, most in ((0, _ROWS), (1, _COLUMNS)))
        columns = [column("futures-item", self.lang, "name"), column("futures-where", self.lang, "under")]
        columns += [Column(title=self._factor(name), kind="heat") for name in names]
        rows = ((*map(_text, self._item({"item": item})[:2]), *(_heat(cells.get((item, name))) for name in names)) for item in items)
        found: Table = table("futures-flips", self.lang, tuple(columns), rows)
        notes = (say("report.note-futures-flips", self.lang),)
        return Section(
            key="flips", title=self._title("flips"), hint=say("report.hint-futures-flips", self.lang), tables=(found,), notes=notes
        )

    def _factors(self) -> Section:
        columns = (
            column("futures-factor-name", self.lang, "name"),
            column("futures-from", self.lang, "number"),
            column("futures-to", self.lang, "number"),
            column("futures-pull", self.lang, "heat"),
            column("futures-flips", self.lang, "number"),
        )
        rows = (
            (
                _text(self._factor(text(row, "factor"))), *(_text(numbers.short(number(row, key))) for key in ("low", "high")),
                _heat(number(row, "correlation")), Cell(text=str(row["flips"]), value=number(row, "flips"), decimals=0),
            )
            for row in self.record.grid("factors")
        )  # fmt: skip
        found = table("futures-factors", self.lang, columns, rows, shown=_SHOWN)
        return Section(key="factors", title=self._title("factors"), hint=say("report.hint-futures-factors", self.lang), tables=(found,))

    def _item(self, row: Mapping[str, object]) -> tuple[str, str, str]:
        """A plant, a link or a build: what it does, where and whose, in which unit."""
        first, _, site = text(row, "item").partition(" @ ")
        chain, firm = self.chain, ""
        if first in chain.plants.id:
            at = chain.plants.id.index(first)
            firm = self._name("firms", int(chain.plants.firm[at]))
            first, site = chain.processes.id[int(chain.plants.process[at])], chain.sites.id[int(chain.plants.site[at])]
        if first not in chain.process_index:
            return text(row, "item"), "", ""
        process = chain.process_index[first]
        where = self._name("sites", chain.sites.id.index(site)) if site in chain.sites.id else ""
        unit = chain.materials.unit[chain.processes.product[process]]
        return self._name("processes", process), join([part for part in (where, firm) if part], self.lang), unit

    def _name(self, name: str, at: int) -> str:
        rows = getattr(self.chain, name)
        return either(rows.name_zh[at], rows.name_en[at], rows.id[at], self.lang) if at >= 0 else ""

    def _factor(self, name: str) -> str:
        """``markets.price[material=li2co3]`` as people say it: Lithium carbonate: price."""
        found = _FACTOR.fullmatch(name)
        known = schema.tables().get(found[1]) if found else None
        if found is None or known is None or found[2] not in known.columns:
            return name
        what = known.columns[found[2]]
        title = what.zh if self.lang == "zh" else what.name.replace("_", " ")
        keys = [part.partition("=") for part in (found[3] or "").split(";")]
        of = [self._referred(found[1], key, value) for key, _, value in keys if value]
        subject = join(of, self.lang) if of else either(known.zh, known.en, known.name, self.lang)
        return say("report.futures-of", self.lang, {"of": subject, "what": title})

    def _referred(self, name: str, key: str, value: str) -> str:
        refers = schema.table(name).columns[key].refers or (name if key == "id" else "")
        if refers == "plants":
            return _plain(self._item({"item": value}))
        ids = getattr(getattr(self.chain, refers, None), "id", ())
        return self._name(refers, ids.index(value)) if value in ids and hasattr(getattr(self.chain, refers), "name_zh") else value


def _plain(named: tuple[str, str, str]) -> str:
    return f"{named[0]} ({named[1]})" if named[1] else named[0]


def _text(said: str) -> Cell:
    return Cell(text=said)


def _heat(correlation: float | None) -> Cell:
    if correlation is None or math.isnan(correlation):
        return Cell(text="")
    return Cell(text=numbers.signed(correlation, 2), value=correlation)


def _strongest(cells: Mapping[tuple[str, str], float], at: int, most: int) -> Sequence[str]:
    """Rows or columns of the picture, the strongest first."""
    force: dict[str, float] = {}
    for key, value in cells.items():
        force[key[at]] = max(force.get(key[at], 0.0), abs(value))
    return sorted(force, key=lambda name: -force[name])[:most]
