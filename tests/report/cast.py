"""A chain small enough to be worked by hand, and its report.

1 kWh of cell takes 2 kg of cathode, 1 kg of cathode 0.25 kg of salt, 1 kg of salt 8 kg of ore. For 100 MWh of cells:
200 t of cathode, 50 t of salt, 400 t of ore. The mine gives 500 t (long), the salt works 120 t (long: 2.4 times),
nobody makes cathode (missing), the cell works 80 MWh (short). One of two salt works is an illustrative split.
"""

from __future__ import annotations

from collections.abc import Mapping

from liantu import runs
from liantu.model.chain import Chain
from liantu.model.results import Grid, RunRecord
from liantu.report import Report, report
from liantu.words import Lang
from tests.packages import package

TABLES: Mapping[str, str] = {
    "materials": """id,name_en,name_zh,unit,kind,formula,composition,kg_per_unit
        ground,Rock,岩石,t,resource,,Li:0.02;Si:0.98,
        ore,Ore,矿石,t,good,,Li:0.02;Si:0.98,
        salt,Salt,盐,t,good,,Li:0.15;Si:0.85,
        slag,Slag,渣,t,residue,,Li:0.0014285714285714286;Si:0.9985714285714286,
        cathode,Cathode,正极,t,good,,Li:0.0375;Si:0.9625,
        cell,Cell,电芯,kWh,good,,Li:0.0375;Si:0.9625,2""",
    "processes": """id,name_en,name_zh,stage,product
        mine,Mining,采矿,mining,ore
        refine,Refining,冶炼,refining,salt
        coat,Coating,制正极,cathode,cathode
        make,Assembly,装配,cell,cell""",
    "exchanges": """process,material,direction,amount,unit,low,high,basis,source
        mine,ore,out,1,t,,,stoichiometry,s
        mine,ground,in,1,t,,,stoichiometry,s
        refine,salt,out,1,t,,,stoichiometry,s
        refine,ore,in,8,t,7,11,estimate,s;book
        refine,slag,out,7,t,,,estimate,s
        coat,cathode,out,1,t,,,stoichiometry,s
        coat,salt,in,0.25,t,0.24,0.26,measured,s
        make,cell,out,1,kWh,,,stoichiometry,s
        make,cathode,in,2,kg,1.9,2.1,literature,s""",
    "plants": """id,firm,process,site,capacity,unit,status,start,end,utilisation,basis,source
        m1,acme,mine,east,500,t/a,operating,2020,,,reported,s
        r1,acme,refine,east,90,t/a,operating,2021,,0.5,reported,s
        r2,acme,refine,east,30,t/a,operating,2021,,0.5,illustrative,s
        r3,acme,refine,east,60,t/a,building,2030,,,reported,s
        c1,acme,make,east,80,MWh/a,operating,2022,,,reported,s""",
    "technologies": """process,min_size,unit,source
        coat,100,t,s""",
    "markets": """material,direction,price,currency,unit,source
        ground,buy,0,CNY,t,s
        ore,buy,100,CNY,t,s
        ore,sell,100,CNY,t,s
        salt,sell,60000,CNY,t,s
        cathode,buy,40000,CNY,t,s
        cell,sell,300,CNY,kWh,s""",
    "targets": """id,name_en,name_zh,indicator,operator,value,unit,source
        t1,Residue use,残渣利用率,residue_use,>=,0.8,fraction,s
        t2,Lithium recovery,锂回收率,recovery_Li,>=,0.3,fraction,s""",
    "sources": """id,citation,url,licence
        s,A hand-made example,https://example.org/a,
        book,A book,javascript:alert(1),""",
    "settings": """key,value
        title_en,Hand-made chain
        title_zh,手算链
        year,2025
        yardstick,cell=100 MWh""",
}


def asked(changes: Mapping[str, str | None] | None = None, **swaps: tuple[str, str]) -> tuple[Chain, RunRecord, RunRecord]:
    """The chain with its two answers, tables replaced or a piece of text swapped."""
    ready = runs.prepare(package({**TABLES, **(changes or {})}, **swaps))
    assert ready.chain is not None, [(one.code, one.where(), one.message("en")) for one in ready.findings]
    return ready.chain, runs.run("balance", ready), runs.run("require", ready)


def reported(lang: Lang = "en", at: str = "2026-11-21 09:12", **swaps: tuple[str, str]) -> Report:
    """The report of the cast."""
    return report(*asked(**swaps), lang=lang, at=at)


def nothing_asked(record: RunRecord) -> RunRecord:
    """A requirement without a demand."""
    empty = {name: Grid(columns={key: [] for key in grid.columns}) for name, grid in record.result.items() if isinstance(grid, Grid)}
    return RunRecord(
        command="require", package=record.package, digest=record.digest, version=record.version, result={"year": 2025, **empty}
    )
