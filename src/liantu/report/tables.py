"""The report's tables. Owns: their columns and rows, which sources are cited. Never: order of sections, markup."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from liantu.model.findings import Finding
from liantu.report import numbers
from liantu.report.cells import number, or_zero, text
from liantu.report.facts import Facts
from liantu.report.figures import capacity_bar, light_of, verdict, worst_first
from liantu.report.labels import group_name, indicator_name, link_name, material_name, part_name, process_name
from liantu.report.links import Link
from liantu.report.page import Bar, Cell, Column, Kind, Table, Tone
from liantu.report.quality import Quality
from liantu.words import Lang, say


def column(key: str, lang: Lang, kind: Kind = "text", *, minor: bool = False) -> Column:
    """A column titled by the word list."""
    return Column(title=say(f"report.column-{key}", lang), kind=kind, minor=minor)


def table(key: str, lang: Lang, columns: tuple[Column, ...], rows: Iterable[tuple[Cell, ...]], shown: int | None = None) -> Table:
    """A table titled by the word list, cut in the HTML file after ``shown`` rows."""
    every = tuple(rows)
    too_long = shown is not None and len(every) > shown
    cut = say("report.table-cut", lang, {"shown": shown or 0, "total": len(every)}) if too_long else ""
    return Table(
        key=key,
        title=say(f"report.table-{key}", lang),
        columns=columns,
        rows=every,
        shown=shown if too_long else None,
        cut=cut,
        empty="" if every else say("report.table-empty", lang),
    )


def require_table(facts: Facts, lang: Lang) -> Table:
    """Need against capacity, worst first."""
    columns = (
        column("link", lang, "name"),
        column("unit", lang, "unit"),
        column("stage", lang, minor=True),
        column("state", lang, "mark"),
        column("capacity", lang, "number"),
        column("need", lang, "number"),
        column("balance", lang, "number"),
        column("building", lang, "number", minor=True),
        column("planned", lang, "number", minor=True),
        column("load", lang, "number", minor=True),
        column("plants", lang, "number", minor=True),
        column("illustrative", lang, "badge", minor=True),
        column("bar", lang, "bar"),
    )
    return table("require", lang, columns, (_require_row(facts, link, lang) for link in worst_first(facts.links)))


def _require_row(facts: Facts, link: Link, lang: Lang) -> tuple[Cell, ...]:
    shown = numbers.scale(link.unit, max(link.capacity, link.need, link.building, link.planned), lang)
    decimals = numbers.digits(max(link.capacity, link.need) * shown.factor)
    capacity, need, building, planned = (
        Cell(text=_plain(value * shown.factor, decimals), value=value * shown.factor, decimals=decimals)
        for value in (link.capacity, link.need, link.building, link.planned)
    )
    balance = (link.capacity - link.need) * shown.factor
    state = link.state
    return (
        Cell(text=link_name(facts, link, lang)),
        Cell(text=shown.unit),
        Cell(text=group_name(link.group, lang)),
        Cell(text=say(f"report.state-{state}", lang), tone="grey" if state == "unused" else state),
        capacity,
        need,
        Cell(text=numbers.signed(balance, decimals), value=balance, decimals=decimals, tone="grey" if state == "unused" else state),
        building,
        planned,
        _percent(link.load),
        _plants(link),
        _illustrative(link, lang),
        Cell(text="", bar=capacity_bar(link)),
    )


def _plain(value: float, decimals: int) -> str:
    return "0" if value == 0 else numbers.fixed(value, decimals)


def _percent(share: float, decimals: int = 0) -> Cell:
    if not math.isfinite(share):
        return Cell(text=numbers.BLANK)
    return Cell(text=_plain(100 * share, decimals), value=100 * share, decimals=decimals)


def _plants(link: Link) -> Cell:
    if not math.isfinite(link.plants) or link.state not in ("missing", "short"):
        return Cell(text=numbers.BLANK)
    return Cell(text=numbers.fixed(link.plants, 1), value=link.plants, decimals=1)


def _illustrative(link: Link, lang: Lang) -> Cell:
    if link.illustrative <= 0:
        return Cell(text="")
    return Cell(
        text=f"{say('report.badge-illustrative', lang)} {numbers.percent(link.illustrative)}", value=100 * link.illustrative, decimals=0
    )


def targets_table(facts: Facts, lang: Lang) -> Table:
    """Indicators that have a value or a target."""
    columns = (
        column("indicator", lang, "name"),
        column("light", lang, "light"),
        column("value", lang, "number"),
        column("target", lang, "number"),
        column("source", lang, minor=True),
    )
    rows = [row for row in facts.balance.grid("indicators") if math.isfinite(number(row, "value")) or math.isfinite(number(row, "target"))]
    return table("targets", lang, columns, (_target_row(row, lang) for row in rows))


def _target_row(row: Mapping[str, object], lang: Lang) -> tuple[Cell, ...]:
    aimed = math.isfinite(number(row, "target"))
    light = Cell(text=verdict(row, lang), tone=light_of(row)) if aimed else Cell(text=numbers.BLANK)
    value, target = (_percent(number(row, key), 1) for key in ("value", "target"))
    return Cell(text=indicator_name(row, lang)), light, value, target, Cell(text=text(row, "source"))


def parts_table(facts: Facts, lang: Lang) -> Table:
    """The same indicators by process, stage and site, for those that have a target."""
    columns = (
        column("part", lang, "name"),
        column("indicator", lang),
        column("value", lang, "number"),
        column("over", lang, "number"),
        column("under", lang, "number"),
    )
    aimed = set(facts.chain.targets.indicator)
    rows = [row for row in facts.balance.grid("part_indicators") if text(row, "id") in aimed and number(row, "under_t") > 0]
    return table("parts", lang, columns, (_part_row(facts, row, lang) for row in rows))


def _part_row(facts: Facts, row: Mapping[str, object], lang: Lang) -> tuple[Cell, ...]:
    targets = facts.chain.targets
    at = targets.indicator.index(text(row, "id"))
    name = indicator_name({"id": text(row, "id"), "name_zh": targets.name_zh[at], "name_en": targets.name_en[at]}, lang)
    over, under = (number(row, key) for key in ("over_t", "under_t"))
    decimals = numbers.digits(under) if under < 1 else 0
    amounts = (Cell(text=numbers.fixed(value, decimals), value=value, decimals=decimals) for value in (over, under))
    part = part_name(facts, text(row, "of"), text(row, "part"), lang)
    return Cell(text=part), Cell(text=name), _percent(number(row, "value"), 1), *amounts


_TRADE = ("made", "produced"), ("taken", "consumed"), ("bought", "bought"), ("sold", "sold"), ("disposed", "disposed"), \
    ("surplus", "surplus"), ("unmet", "unmet")  # fmt: skip


def trade_table(facts: Facts, lang: Lang) -> Table:
    """What crosses the border of the chain, by what it is worth."""
    columns = (
        column("material", lang, "name"),
        column("unit", lang, "unit"),
        *(column(key, lang, "number", minor=key in ("made", "taken", "disposed", "unmet")) for key, _ in _TRADE),
    )
    outside = ("bought", "sold", "disposed", "surplus", "unmet")
    rows = [row for row in facts.balance.grid("materials") if any(or_zero(number(row, key)) > 0 for key in outside)]
    rows.sort(key=lambda row: -_worth(facts, row))
    return table("trade", lang, columns, (_trade_row(facts, row, lang) for row in rows), shown=16)


def _worth(facts: Facts, row: Mapping[str, object]) -> float:
    each = abs(float(facts.worth[facts.chain.material_index[text(row, "material")]]))
    return or_zero(each) * (or_zero(number(row, "bought")) + or_zero(number(row, "sold")) + or_zero(number(row, "unmet")))


def _trade_row(facts: Facts, row: Mapping[str, object], lang: Lang) -> tuple[Cell, ...]:
    material = facts.chain.material_index[text(row, "material")]
    values = [or_zero(number(row, name)) for _, name in _TRADE]
    shown = numbers.scale(facts.chain.materials.unit[material], max(values), lang)
    decimals = numbers.digits(max(values) * shown.factor)
    cells = (Cell(text=_plain(value * shown.factor, decimals), value=value * shown.factor, decimals=decimals) for value in values)
    return Cell(text=material_name(facts, material, lang)), Cell(text=shown.unit), *cells


def basis_table(found: Quality, lang: Lang) -> Table:
    """Shares of figures and of weight by basis."""
    columns = (
        column("basis", lang, "name"),
        column("rows", lang, "number"),
        column("rows-share", lang, "number"),
        column("weight-share", lang, "number"),
        column("weight", lang, "bar"),
    )
    return table("basis", lang, columns, (
        (
            Cell(text=say(f"report.basis-{share.basis}", lang)),
            Cell(text=numbers.fixed(share.rows, 0), value=float(share.rows), decimals=0),
            _percent(share.share),
            _percent(share.weight),
            Cell(text="", bar=Bar(running=100 * share.weight)),
        )
        for share in found.shares
    ))  # fmt: skip


def weak_table(facts: Facts, found: Quality, lang: Lang) -> Table:
    """Estimates with a low and a high end, by what they move a year."""
    _, name = _money_scale(facts, found, lang)
    key = "column-moves-money" if found.priced else "column-moves-tonnes"
    columns = (
        column("process", lang, "name"),
        column("material", lang),
        column("unit", lang, "unit"),
        column("amount", lang, "number"),
        column("low", lang, "number"),
        column("high", lang, "number"),
        column("basis", lang, "badge", minor=True),
        Column(title=say(f"report.{key}", lang, {"currency": name}), kind="number"),
        column("moves-share", lang, "number"),
        column("source", lang, minor=True),
    )
    return table("weak", lang, columns, (_weak_row(facts, found, place, lang) for place in range(len(found.weakest))), shown=8)


def _money_scale(facts: Facts, found: Quality, lang: Lang) -> tuple[float, str]:
    """In what the column is counted: by its largest, since it has one unit; tonnes where nothing has a price."""
    if not found.priced or not found.weakest:
        return 1.0, facts.currency
    return numbers.money_scale(found.weakest[0].moves, facts.currency, lang)


def _weak_row(facts: Facts, found: Quality, place: int, lang: Lang) -> tuple[Cell, ...]:
    weak, exchanges, chain = found.weakest[place], facts.chain.exchanges, facts.chain
    row = weak.exchange
    moves = weak.moves / _money_scale(facts, found, lang)[0]
    decimals = numbers.digits(moves)
    material = int(exchanges.material[row])
    reference = chain.materials.unit[chain.processes.product[exchanges.process[row]]]
    shown = numbers.scale(chain.materials.unit[material], float(exchanges.amount[row]), lang)
    amounts = [float(column[row]) * shown.factor for column in (exchanges.amount, exchanges.low, exchanges.high)]
    return (
        Cell(text=process_name(facts, int(exchanges.process[row]), lang)),
        Cell(text=material_name(facts, material, lang)),
        Cell(text=f"{shown.unit}/{numbers.scale(reference, 1, lang).unit}"),
        *(Cell(text=numbers.short(value), value=value, decimals=numbers.digits(value)) for value in amounts),
        Cell(text=say(f"report.basis-{exchanges.basis[row]}", lang)),
        Cell(text=numbers.fixed(moves, decimals), value=moves, decimals=decimals),
        _percent(weak.share, 1),
        Cell(text=exchanges.source[row]),
    )


def findings_table(facts: Facts, findings: tuple[Finding, ...], among: Sequence[str], lang: Lang) -> Table:
    """What checking and solving found; ``among`` says of each in which scenarios alone, or nothing."""
    columns = (column("level", lang), column("where", lang, minor=True), column("message", lang, "name"), column("hint", lang))
    tones: Mapping[str, Tone] = {"error": "red", "warning": "yellow", "note": "grey"}
    return table("findings", lang, columns, (
        (
            Cell(text=say(f"report.level-{finding.level}", lang), tone=tones[finding.level]),
            Cell(text=finding.where(lang)),
            Cell(text=_message(facts, finding, scenarios, lang)),
            Cell(text=finding.hint(lang)),
        )
        for finding, scenarios in zip(findings, among, strict=True)
    ), shown=12)  # fmt: skip


def _message(facts: Facts, finding: Finding, scenarios: str, lang: Lang) -> str:
    """What a finding says, with materials by their names, after the scenarios it belongs to."""
    index, values = facts.chain.material_index, finding.values
    if isinstance(listed := values.get("materials"), str):
        names = [material_name(facts, index[word], lang) if word in index else word for word in listed.removesuffix(" …").split(", ")]
        values = {**values, "materials": ", ".join(names) + (" …" if listed.endswith(" …") else "")}
    message = replace(finding, values=values).message(lang)
    return say("report.finding-in", lang, {"scenarios": scenarios, "message": message}) if scenarios else message


def sources_table(facts: Facts, lang: Lang) -> Table:
    """Every source that the figures shown rest on."""
    columns = (
        column("id", lang, "name"),
        column("citation", lang),
        column("year", lang, "number"),
        column("uses", lang, "number"),
        column("licence", lang, minor=True),
        column("url", lang, "link"),
    )
    uses = cited(facts)
    return table("sources", lang, columns, (_source_row(facts, identifier, uses[identifier], lang) for identifier in sorted(uses)))


def cited(facts: Facts) -> Counter[str]:
    """Source id → how many of the rows behind this report rest on it."""
    chain = facts.chain
    used = (facts.needed > 0) | (facts.active > 0)
    counted = used | np.isin(np.arange(len(chain.processes)), [link.process for link in facts.links])
    traded = {chain.material_index[text(row, "material")] for row in facts.balance.grid("materials")}
    rows = [source for source, process in zip(chain.exchanges.source, chain.exchanges.process, strict=True) if counted[process]]
    rows += [source for source, process in zip(chain.plants.source, chain.plants.process, strict=True) if counted[process]]
    rows += [source for source, material in zip(chain.markets.source, chain.markets.material, strict=True) if int(material) in traded]
    rows += [source for source, material in zip(chain.mixes.source, chain.mixes.material, strict=True) if int(material) in traded]
    rows += chain.targets.source
    return Counter(part.strip() for source in rows for part in source.split(";") if part.strip())


def _source_row(facts: Facts, identifier: str, uses: int, lang: Lang) -> tuple[Cell, ...]:
    sources = facts.chain.sources
    count = Cell(text=numbers.fixed(uses, 0), value=float(uses), decimals=0)
    if identifier not in sources.id:
        missing = Cell(text=say("report.not-listed", lang), tone="red")
        return Cell(text=identifier), missing, Cell(text=numbers.BLANK), count, Cell(text=""), Cell(text="")
    row = sources.id.index(identifier)
    year = float(sources.year[row])
    dated = Cell(text=f"{year:.0f}", value=year, decimals=0) if math.isfinite(year) else Cell(text=numbers.BLANK)
    url = sources.url[row]
    address = Cell(text=url, href=url if url.startswith(("https://", "http://")) else "")
    return Cell(text=identifier), Cell(text=sources.citation[row]), dated, count, Cell(text=sources.licence[row]), address
