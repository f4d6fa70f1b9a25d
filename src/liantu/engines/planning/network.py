"""What planning sees of a chain: places, trade, transport, demands over years. Owns: Network and its parts.
Never: a solver, capacities to be built.

With no routes in use all sites pool into one place; with them a place is a site, together with those that stand at it for
freight, and materials move only along routes. A market or demand without a site is open to every place, its limit being for
all of them together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.errors import InputError
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints

# Positions of the many columns.
SHORT = np.int32


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Columns of buying and selling: one for each market row, place and year it is open in.

    Attributes
    ----------
    row, material, place, year : int array
        Market row, material, place and year (all positions) of each column.
    gain : float array
        What one unit adds to the objective: price when selling, − price when buying.
    sells : bool array
    limit : float array
        Most per year of the market row, infinite where blank.
    """

    row: Ints
    material: Ints
    place: Ints
    year: Ints
    gain: Floats
    sells: Bools
    limit: Floats

    def without_round_trips(self, amount: Floats) -> Floats:
        """Buying and selling one material in one place and year at one price moves nothing: it is taken off both sides."""
        if not amount.size:
            return amount
        deal = np.column_stack([self.material, self.place, self.year, np.where(self.sells, self.gain, -self.gain)])
        _, at = np.unique(deal, axis=0, return_inverse=True)
        sides = [np.bincount(at, np.where(side, amount, 0.0)) for side in (self.sells, ~self.sells)]
        both = np.minimum(*sides)
        kept = [np.divide(side - both, side, out=np.ones_like(side), where=side > 0) for side in sides]
        return amount * np.where(self.sells, kept[0][at], kept[1][at])


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """Columns of shipping: one for each route, material it carries and year."""

    row: Ints
    material: Ints
    origin: Ints
    destination: Ints
    year: Ints
    cost: Floats
    weight: Floats
    limit: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """Demands: material, place (−1: anywhere) and year of each, its amount, and what a unit not met costs (NaN: firm)."""

    row: Ints
    material: Ints
    place: Ints
    year: Ints
    amount: Floats
    penalty: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Places and everything that crosses their borders over the years.

    Attributes
    ----------
    years : int array
        Calendar years.
    sites : int array (places)
        Site of each place; −1 for the one pool.
    place : int array (sites)
        Place of each site.
    """

    years: Ints
    sites: Ints
    place: Ints
    trade: Trade
    transport: Transport
    wants: Wants
    currency: str


def network(chain: Chain, years: Ints) -> Network:
    """Lay out a chain over years.

    Raises
    ------
    InputError
        ``currencies`` if money of several kinds meets in one objective.
    """
    sites, place = _places(chain)
    return Network(
        years=years,
        sites=sites,
        place=place,
        trade=_trade(chain, years, sites, place),
        transport=_transport(chain, years, place),
        wants=_wants(chain, years, sites, place),
        currency=_currency(chain),
    )


def _places(chain: Chain) -> tuple[Ints, Ints]:
    routes, stands_at = chain.routes, chain.sites.freight_at
    used = ~routes.idle
    if not used.any():
        return np.array([-1]), np.zeros(len(chain.sites), dtype=np.intp)
    own = np.arange(len(chain.sites), dtype=np.intp)
    by_itself = stands_at < 0
    by_itself[routes.origin[used]] = by_itself[routes.destination[used]] = True
    at = np.where(by_itself, own, stands_at)
    for _ in range(len(own).bit_length()):
        # A park within a park stands where that one does.
        at = at[at]
    return np.unique(at, return_inverse=True)


def _currency(chain: Chain) -> str:
    """The one currency of markets, freight, technologies and penalties."""
    parts = (chain.markets.currency, chain.routes.currency, chain.technologies.currency)
    found = sorted({code for part in parts for code in part if code})
    if len(found) > 1:
        raise InputError("currencies", {"found": ", ".join(found)})
    return found[0] if found else ""


def _trade(chain: Chain, years: Ints, sites: Ints, place: Ints) -> Trade:
    markets = chain.markets
    is_open = ~(markets.start[:, None] > years) & ~(markets.end[:, None] < years)
    anywhere = markets.site < 0
    row, year = (one.astype(SHORT) for one in np.nonzero(is_open))
    copies = np.where(anywhere[row], len(sites), 1)
    row, year = np.repeat(row, copies), np.repeat(year, copies)
    step = np.arange(row.size) - np.repeat(np.cumsum(copies) - copies, copies)
    at = np.where(anywhere[row], step, place[markets.site[row]] if len(place) else 0).astype(SHORT)
    sells = markets.direction[row] == "sell"
    return Trade(
        row=row,
        material=markets.material.astype(SHORT)[row],
        place=at,
        year=year,
        gain=np.where(sells, 1.0, -1.0) * markets.price[row],
        sells=sells,
        limit=np.where(np.isnan(markets.limit), np.inf, markets.limit)[row],
    )


def _transport(chain: Chain, years: Ints, place: Ints) -> Transport:
    """A route for all materials carries those that have a mass, at its cost per tonne."""
    routes, mass = chain.routes, chain.mass()
    heavy = np.flatnonzero(~np.isnan(mass))
    copies = np.where(routes.material < 0, len(heavy), 1) * ~routes.idle
    row = np.repeat(np.arange(len(routes), dtype=SHORT), copies)
    step = np.arange(row.size) - np.repeat(np.cumsum(copies) - copies, copies)
    all_ = routes.material[row] < 0
    material = np.where(all_, heavy[np.minimum(step, max(len(heavy) - 1, 0))] if len(heavy) else -1, routes.material[row])
    weight = np.where(all_, np.nan_to_num(mass, nan=1.0)[material], 1.0)
    many, count = len(years), row.size
    return Transport(
        row=np.repeat(row, many),
        material=np.repeat(material.astype(SHORT), many),
        origin=np.repeat(place[routes.origin[row]].astype(SHORT), many),
        destination=np.repeat(place[routes.destination[row]].astype(SHORT), many),
        year=np.tile(np.arange(many, dtype=SHORT), count),
        cost=np.repeat(routes.cost[row] * weight, many),
        weight=np.repeat(weight, many),
        limit=np.repeat(np.where(np.isnan(routes.limit), np.inf, routes.limit)[row], many),
    )


def _wants(chain: Chain, years: Ints, sites: Ints, place: Ints) -> Wants:
    demands = chain.demands
    row, year = np.nonzero(demands.year[:, None] == years)
    site = demands.site[row]
    pooled = bool((sites < 0).any())
    return Wants(
        row=row,
        material=demands.material[row],
        place=np.where(site >= 0, place[site] if len(place) else 0, 0 if pooled else -1),
        year=year,
        amount=demands.amount[row],
        penalty=demands.penalty[row],
    )
