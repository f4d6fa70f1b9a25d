"""Names as they stand on cards and in sentences. Owns: short names, lists of names, names of demands. Never: numbers' formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from liantu.model.chain import Chain
from liantu.model.scenario import parts
from liantu.report import numbers
from liantu.report.cells import text
from liantu.report.facts import Facts
from liantu.report.links import Link
from liantu.report.names import either
from liantu.report.stages import lanes
from liantu.words import Lang, keys, say

_FILES = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".csv", ".zip"})


def material_name(facts: Facts, material: int, lang: Lang) -> str:
    """Short name of a material."""
    return facts.materials[lang][material]


def process_name(facts: Facts, process: int, lang: Lang) -> str:
    """Short name of a process."""
    return facts.processes[lang][process]


def link_name(facts: Facts, link: Link, lang: Lang) -> str:
    """A link is called by its product; in the return lane and at a treatment by its recipe."""
    by_recipe = facts.chain.treats[link.process] or lanes().get(link.group) == "return"
    return process_name(facts, link.process, lang) if by_recipe else material_name(facts, link.product, lang)


def indicator_name(row: Mapping[str, object], lang: Lang) -> str:
    """The target's name for an indicator, else what its id stands for."""
    identifier = text(row, "id")
    kind, _, element = identifier.rpartition("_")
    if named := either(text(row, "name_zh"), text(row, "name_en"), "", lang):
        return named
    if f"indicator-{identifier}" in keys("report"):
        return say(f"report.indicator-{identifier}", lang)
    if f"indicator-{kind}" in keys("report"):
        return say(f"report.indicator-{kind}", lang, {"element": element_name(element, lang)})
    return identifier


def part_name(facts: Facts, kind: str, identifier: str, lang: Lang) -> str:
    """Name of a process, a stage or a site that an account is kept of."""
    if kind == "process":
        return process_name(facts, facts.chain.process_index[identifier], lang)
    if kind == "site" and identifier in facts.chain.sites.id:
        sites, at = facts.chain.sites, facts.chain.sites.id.index(identifier)
        return either(sites.name_zh[at], sites.name_en[at], identifier, lang)
    return say("report.part-stage", lang, {"stage": identifier}) if kind == "stage" else identifier


def element_name(symbol: str, lang: Lang) -> str:
    """An element's name with its symbol; the bare symbol where the word list has no name."""
    key = f"element-{symbol}"
    return say(f"report.{key}", lang) if key in keys("report") else symbol


def group_name(group: str, lang: Lang) -> str:
    """Name of a stage of the map; an unknown stage keeps its own."""
    key = f"stage-{group}"
    return say(f"report.{key}", lang) if key in keys("report") else group


def demanded(facts: Facts, lang: Lang) -> str:
    """The yardstick in words: ``磷酸铁锂电芯 17.5 GWh``."""
    materials = facts.chain.materials
    return join(
        [f"{material_name(facts, at, lang)} {numbers.amount(value, materials.unit[at], lang)}" for at, value in facts.demand],
        lang,
    )


def join(names: Sequence[str], lang: Lang) -> str:
    """Names in a row."""
    return ("、" if lang == "zh" else ", ").join(names)


def chain_title(chain: Chain, lang: Lang) -> str:
    """What the package calls itself, else the name of its folder or file."""
    name = PurePath(chain.name)
    return either(chain.setting("title_zh"), chain.setting("title_en"), name.stem if name.suffix.lower() in _FILES else chain.name, lang)


def scenario_name(chain: Chain, called: str, lang: Lang) -> str:
    """A scenario by the name it has in the language."""
    rows = chain.scenarios
    pairs = [*zip(rows.scenario, rows.name_zh, strict=True)][::-1]
    names = {name: either(zh, en, name, lang) for en, zh in pairs for name in (en, zh)}
    return " + ".join(names[part] for part in parts(called, names)) or called


def scenario_reason(chain: Chain, called: str, lang: Lang) -> str:
    """Why a scenario is looked at, in the language asked for where it is stated in it."""
    rows = chain.scenarios
    told = zip(rows.scenario, rows.name_zh, rows.reason_zh, rows.reason, strict=True)
    asked = parts(called, {*rows.scenario, *rows.name_zh})
    reasons = (either(zh, en, "", lang) for *names, zh, en in told if set(asked) & set(names))
    return "; ".join(dict.fromkeys(filter(None, reasons)))
