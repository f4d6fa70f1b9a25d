"""The rows of a chain's tables, checked, in base units, one frozen class a table. Owns: what engines compute with. Never: reading, solving.

Fields carry the names of ``schema/*.csv``; what each means is said there. References are positions in the table they
join (−1: blank), numbers are float64 (NaN: blank), quantities are in the material's own unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from liantu.model.rows import Bools, Floats, Ints, Lists, Rows, Strings, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials(Rows):
    """Everything that processes exchange: goods, energy, services, residues, emissions, resources."""

    id: Texts
    name_en: Texts
    name_zh: Texts
    unit: Texts
    kind: Strings
    formula: Texts
    composition: Texts
    kg_per_unit: Floats
    in_element_balance: Bools
    category: Texts
    hs_code: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes(Rows):
    """Unit processes, each described per unit of its reference product."""

    id: Texts
    name_en: Texts
    name_zh: Texts
    stage: Texts
    product: Ints
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanges(Rows):
    """What one unit of a process takes and makes."""

    process: Ints
    material: Ints
    direction: Strings
    amount: Floats
    unit: Texts
    low: Floats
    high: Floats
    distribution: Texts
    basis: Strings
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites(Rows):
    """City, counties, parks and what they can offer."""

    id: Texts
    name_en: Texts
    name_zh: Texts
    parent: Ints
    kind: Strings
    freight_at: Ints
    lon: Floats
    lat: Floats
    zone: Texts
    land_mu: Floats
    power_mw: Floats
    water_m3_d: Floats
    area_km2: Floats
    population: Floats
    adcode: Texts
    illustrative: Bools
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Firms(Rows):
    """Firms of the chain."""

    id: Texts
    name_en: Texts
    name_zh: Texts
    credit_code: Texts
    site: Ints
    role: Texts
    illustrative: Bools
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Plants(Rows):
    """Capacity by firm, process and site, with status and dates."""

    id: Texts
    firm: Ints
    process: Ints
    site: Ints
    capacity: Floats
    unit: Texts
    status: Strings
    start: Floats
    end: Floats
    utilisation: Floats
    basis: Strings
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Technologies(Rows):
    """What a process costs to build and run, and what it needs."""

    process: Ints
    capex: Floats
    capex_low: Floats
    capex_high: Floats
    fixed_cost: Floats
    variable_cost: Floats
    currency: Texts
    price_year: Floats
    lifetime: Floats
    build_years: Floats
    min_size: Floats
    max_size: Floats
    block_size: Floats
    unit: Texts
    fixed_charge: Floats
    land_mu: Floats
    power_mw: Floats
    water_m3_d: Floats
    zones: Lists
    labour: Floats
    wage: Floats
    maintenance_share: Floats
    hazard: Texts
    basis: Strings
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Markets(Rows):
    """Where a material can be bought or sold, at which price and up to which limit."""

    material: Ints
    site: Ints
    direction: Strings
    price: Floats
    currency: Texts
    unit: Texts
    limit: Floats
    start: Floats
    end: Floats
    basis: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes(Rows):
    """Ways along which materials move between sites, and the freight."""

    origin: Ints
    destination: Ints
    material: Ints
    cost: Floats
    currency: Texts
    unit: Texts
    limit: Floats
    idle: Bools
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands(Rows):
    """Amounts asked for by material, site and year."""

    material: Ints
    site: Ints
    year: Floats
    amount: Floats
    unit: Texts
    penalty: Floats
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixes(Rows):
    """Which processes make a material where more than one could."""

    material: Ints
    process: Ints
    share: Floats
    basis: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets(Rows):
    """Targets of indicators."""

    id: Texts
    name_en: Texts
    name_zh: Texts
    indicator: Texts
    operator: Strings
    value: Floats
    unit: Texts
    year: Floats
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenarios(Rows):
    """Changes over the chain as written; `io.changes` reads what they mean."""

    scenario: Texts
    name_zh: Texts
    table: Texts
    rows: Texts
    column: Texts
    operation: Strings
    value: Texts
    unit: Texts
    reason: Texts
    reason_zh: Texts
    source: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources(Rows):
    """What the numbers come from."""

    id: Texts
    citation: Texts
    year: Floats
    published: Texts
    url: Texts
    licence: Texts
    quality: Texts
    taken: Texts
    note: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Rows):
    """Title, base, default year and yardstick of the package."""

    key: Texts
    value: Texts
