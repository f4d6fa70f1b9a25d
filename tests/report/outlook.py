"""What should come next in the hand-worked chain, and a plan for it.

The cells take 160 t of cathode a year at 40,000, all bought. A ton made here takes 0.25 t of salt that would have been sold
at 60,000: it earns 25,000, up to those 160 t. Coating costs 10,000 a ton, lives one year, at 8 % 10,800 a year: 14,200 are
left, 1.42 million for a step of 100 t. Salt earns 59,200 a ton and costs 108,000: it does not pay.
"""

from __future__ import annotations

from collections.abc import Mapping

from liantu import runs
from liantu.model.results import Grid, RunRecord
from liantu.report import Report, report
from liantu.report.facts import Facts, facts
from liantu.words import Lang
from tests.packages import package
from tests.report.cast import TABLES

PRICED: Mapping[str, str] = {
    **TABLES,
    "sites": """id,name_en,name_zh,kind,parent,adcode,zone,illustrative,source
        east,Guiyang,桂阳县,county,,431021,general,no,s
        west,West park,西园区,park,north,,general,yes,s
        north,Anren,安仁县,county,,431028,,no,s
        south,Rucheng,汝城县,county,,431026,,no,s""",
    "technologies": """process,capex,fixed_cost,variable_cost,currency,price_year,lifetime,min_size,unit,zones,source
        coat,10000,0,0,CNY,2025,1,100,t,general,s
        refine,100000,0,0,CNY,2025,1,10,t,general,s""",
}


def answers(changes: Mapping[str, str | None] | None = None) -> tuple[runs.Prepared, RunRecord, RunRecord]:
    """The priced chain with what to recruit and the best use of what there is."""
    ready = runs.prepare(package({**PRICED, **(changes or {})}))
    assert ready.chain is not None, [(one.code, one.where(), one.message("en")) for one in ready.findings]
    return ready, runs.run("recruit", ready), runs.run("throughput", ready)


def known(changes: Mapping[str, str | None] | None = None) -> tuple[Facts, RunRecord, RunRecord]:
    """The same as facts of the report."""
    ready, recruit, throughput = answers(changes)
    assert ready.chain is not None
    return facts(ready.chain, runs.run("balance", ready), runs.run("require", ready)), recruit, throughput


def plan(capacity: float = 160.0, worth: float = 5e6) -> RunRecord:
    """A plan made by hand: cathode in two years, the park's land full in the second."""
    builds: dict[str, list[object]] = {
        "process": ["coat", "coat"],
        "site": ["east", "west"],
        "year": [2026, 2027],
        "capacity": [100.0, capacity],
        "unit": ["t", "t"],
        "ready": [2027, 2028],
        "investment": [1e6, capacity * 1e4],
    }
    limits: dict[str, list[object]] = {
        "limit": ["land", "land", "market"],
        "site": ["west", "west", ""],
        "material": ["", "", "cell"],
        "direction": ["", "", "sell"],
        "year": [2026, 2027, 2027],
        "used": [0.0, 30.0, 80000.0],
        "available": [30.0, 30.0, 80000.0],
        "unit": ["mu", "mu", "kWh"],
        "value": [0.0, 50000.0, 2.5],
    }
    return RunRecord(
        command="plan",
        package="cast",
        digest="d",
        version="0",
        options={"from": 2026, "to": 2028},
        result={
            "objective": {"value": worth, "currency": "CNY"},
            "money": {"sales": worth + 3e6, "purchases": -1e6, "running": 0.0, "freight": 0.0, "unmet": 0.0, "building": -2e6},
            "gap": 0.0,
            "builds": Grid(columns=builds),
            "limits": Grid(columns=limits),
        },
    )


def foreseen(lang: Lang = "en", plans: tuple[RunRecord, ...] = (), changes: Mapping[str, str | None] | None = None) -> Report:
    """The report with all of it."""
    ready, recruit, throughput = answers(changes)
    assert ready.chain is not None
    balance, require = runs.run("balance", ready), runs.run("require", ready)
    return report(ready.chain, balance, require, lang=lang, recruit=recruit, throughput=throughput, plan=plans)
