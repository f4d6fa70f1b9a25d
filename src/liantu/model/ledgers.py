"""The rows of a chain's ledgers, checked, in base units, one frozen class a table.

Owns: contracts, stakes, prices and the registers of published facts. Never: reading, solving.

Fields carry the names of ``schema/*.csv``; what each means is said there. References are positions in the table they
join (−1: blank), numbers are float64 (NaN: blank), quantities are in the material's own unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from liantu.model.rows import Bools, Floats, Ints, Rows, Strings, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts(Rows):
    """Offtake, tolling, concession, profit-share and technology contracts."""

    id: Texts
    kind: Strings
    seller: Ints
    buyer: Ints
    material: Ints
    start: Texts
    end: Texts
    volume: Floats
    unit: Texts
    flexibility_pct: Floats
    take_or_pay: Floats
    price_rule: Strings
    index: Texts
    coefficient: Floats
    price: Floats
    floor: Floats
    cap: Floats
    discount_pct: Floats
    share_pct: Floats
    currency: Texts
    status: Texts
    compliance: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes(Rows):
    """Who holds which share of a firm."""

    owner: Texts
    firm: Ints
    share: Floats
    start: Texts
    end: Texts
    basis: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices(Rows):
    """Dated prices."""

    material: Ints
    date: Texts
    price: Floats
    currency: Texts
    unit: Texts
    low: Floats
    high: Floats
    vat: Strings
    delivery: Texts
    basis: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Depths(Rows):
    """How much of a thin product the market takes in a year."""

    material: Ints
    scope: Texts
    unit: Texts
    low: Floats
    central: Floats
    high: Floats
    basis: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes(Rows):
    """How long a product stays in use and how much is collected."""

    application: Texts
    distribution: Strings
    mean: Floats
    sd: Floats
    shape: Floats
    scale: Floats
    collection_rate: Floats
    basis: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposits(Rows):
    """Reserves and grades by deposit, as published."""

    id: Texts
    name_en: Texts
    name_zh: Texts
    site: Ints
    material: Ints
    ore: Floats
    unit: Texts
    content_of: Texts
    grade: Floats
    date: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Projects(Rows):
    """Investment projects as reported, before any of them is counted as a plant."""

    id: Texts
    firm: Ints
    project: Texts
    product: Texts
    process: Ints
    site: Ints
    level: Texts
    capacity: Floats
    unit: Texts
    capacity_note: Texts
    investment_mcny: Floats
    land_mu: Floats
    status: Texts
    status_detail: Texts
    as_of: Texts
    signed: Texts
    started: Texts
    trial: Texts
    production: Texts
    planned_start: Texts
    start: Texts
    end: Texts
    utilisation: Texts
    basis: Texts
    illustrative: Bools
    demo_use: Texts
    conflict_group: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals(Rows):
    """Published totals with date, definition and source."""

    id: Texts
    date: Texts
    category: Texts
    indicator: Texts
    scope: Ints
    value: Texts
    unit: Texts
    definition: Texts
    conflict_group: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances(Rows):
    """Kilometres between sites."""

    origin: Ints
    destination: Ints
    km: Floats
    great_circle_km: Floats
    basis: Texts
    kind: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariffs(Rows):
    """Prices of power, gas, water, land and labour."""

    id: Texts
    item: Texts
    area: Texts
    level: Texts
    year: Floats
    value: Floats
    unit: Texts
    basis: Texts
    source: Texts
    note: Texts
