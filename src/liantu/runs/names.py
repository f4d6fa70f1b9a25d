"""Positions of a chain as names and numbers people read. Owns: names in both languages, amounts in sentences. Never: meaning."""

from __future__ import annotations

from collections.abc import Iterable

from liantu.errors import CallError, nearest
from liantu.model.chain import Chain
from liantu.model.records import Firms, Materials, Processes, Sites
from liantu.model.rows import Texts
from liantu.model.said import Name, Names


def name(of: Materials | Processes | Sites | Firms, at: int) -> Name:
    """What a row is called; its id where it has no name."""
    return Name(en=of.name_en[at] or of.id[at], zh=of.name_zh[at] or of.name_en[at] or of.id[at])


def names(of: Materials | Processes | Sites | Firms, rows: Iterable[int]) -> Names:
    """What several rows are called."""
    return Names(names=tuple(name(of, int(at)) for at in rows))


def firm_of(chain: Chain, plant: int) -> Name:
    """What the firm of a plant is called; the plant's id where it has none."""
    firm = int(chain.plants.firm[plant])
    return name(chain.firms, firm) if firm >= 0 else Name(en=chain.plants.id[plant], zh=chain.plants.id[plant])


def amount(value: float) -> str:
    """A number as it stands in a sentence: whole from a hundred on, else three digits."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value + 0.0:,.3g}"


def unit_of(chain: Chain, process: int) -> str:
    """The unit in which a process is counted."""
    return str(chain.materials.unit[chain.processes.product[process]])


def place(chain: Chain, given: str) -> int:
    """Position of a site by its id or name.

    Raises
    ------
    CallError
        ``site-unknown``.
    """
    sites = chain.sites
    for texts in (sites.id, sites.name_zh, sites.name_en):
        if given in texts:
            return texts.index(given)
    raise CallError("site-unknown", {"value": given, "near": nearest(given, every(sites))})


def every(of: Materials | Processes | Sites | Firms) -> tuple[str, ...]:
    """All that the rows of a table may be called by."""
    return (*of.id, *of.name_zh, *of.name_en)


def column(texts: Texts, at: Iterable[int]) -> list[str]:
    """A column of names; blank where there is none."""
    return [texts[one] if one >= 0 else "" for one in at]
