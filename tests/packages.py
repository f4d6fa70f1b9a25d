"""A small package in memory, to be bent in one place by a test.

Two steps solved by hand: 1 t of salt takes 8 t of ore, 1 kWh of cell takes 0.5 kg of salt.
"""

from __future__ import annotations

from collections.abc import Mapping

from liantu.io.assemble import assemble
from liantu.model.chain import Chain
from liantu.model.findings import Findings
from liantu.model.tables import Table, Tables

CLEAN: Mapping[str, str] = {
    "materials": """id,unit,kind,formula,kg_per_unit
        ground,t,resource,,
        ore,t,good,,
        salt,t,good,Li2CO3,
        cell,kWh,good,,4
        slag,t,residue,,""",
    "processes": """id,stage,product
        mine,mining,ore
        refine,salts,salt
        make,cell,cell""",
    "exchanges": """process,material,direction,amount,unit,low,high,basis,source
        mine,ore,out,1,t,,,stoichiometry,s
        mine,ground,in,1,t,,,stoichiometry,s
        refine,salt,out,1,t,,,stoichiometry,s
        refine,ore,in,8,t,7,9,measured,s
        refine,slag,out,7,t,,,estimate,s
        make,cell,out,1,kWh,,,stoichiometry,s
        make,salt,in,0.5,kg,,,literature,s""",
    "sites": """id,parent,kind
        city,,city
        east,city,county""",
    "firms": """id,site
        acme,east""",
    "plants": """id,firm,process,site,capacity,unit,status,start,end,utilisation,source
        m1,acme,mine,east,80,kt/a,operating,2020,,,s
        r1,acme,refine,east,6,kt/a,operating,2021,,0.5,s
        c1,acme,make,east,2,GWh/a,operating,2022,,,s""",
    "sources": """id,citation
        s,A hand-made example""",
}  # fmt: skip


def table(name: str, text: str) -> Table:
    """A table written as CSV without quotes."""
    header, *rows = [line.strip().split(",") for line in text.strip().splitlines()]
    cells = [row + [""] * (len(header) - len(row)) for row in rows]
    columns = {column: [row[at] for row in cells] for at, column in enumerate(header)}
    return Table(name=name, columns=columns, lines=range(2, len(rows) + 2), files=(f"{name}.csv",))


def package(changes: Mapping[str, str | None] | None = None, **swaps: tuple[str, str]) -> Tables:
    """The clean package with tables replaced (``None``: left out) or one piece of text in them swapped."""
    texts: dict[str, str | None] = {**CLEAN, **(changes or {})}
    for name, (old, new) in swaps.items():
        before = texts[name] or ""
        assert old in before, f"{old!r} is not in {name}"
        texts[name] = before.replace(old, new)
    return Tables(name="example", tables={name: table(name, text) for name, text in texts.items() if text is not None})


def assembled(changes: Mapping[str, str | None] | None = None, **swaps: tuple[str, str]) -> tuple[Chain | None, Findings]:
    """The package assembled."""
    return assemble(package(changes, **swaps))


def chain(changes: Mapping[str, str | None] | None = None, **swaps: tuple[str, str]) -> Chain:
    """The chain of a package that is right."""
    made, found = assembled(changes, **swaps)
    assert made is not None, [(one.code, one.where(), one.message("en")) for one in found]
    return made
