"""What holds a plant back in the best use of a year. Owns: Hold, HeldBack. Never: solving, words.

Named are the limits that are worth something next to the plant: on the way out of its product, and of its inputs on the way
in. Where the next plant has room itself, what holds that one back is named instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

import numpy as np

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.limits import Kind
from liantu.engines.planning.throughput import Throughput
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Ints

FULL, NEAR = 1 - 1e-9, 1e-6


class Hold(IntEnum):
    """What holds back: a row of the plants, markets, routes or demands; or a material nobody offers, or nobody takes."""

    PLANT = Kind.PLANT
    MARKET = Kind.MARKET
    ROUTE = Kind.ROUTE
    DEMAND = Kind.DEMAND
    LACKING = 4
    UNSOLD = 5


class HeldBack:
    """The plants of a best use, asked one by one."""

    def __init__(self, chain: Chain, found: Throughput) -> None:
        self._chain, self._found = chain, found
        self._recipe = net(exchanged(chain))[:, chain.plants.process[found.plants]].tocsc()
        self._by_material = self._recipe.tocsr()
        self._place = found.network.place[chain.plants.site[found.plants]]
        self.full: Bools = found.activity >= found.capacity * FULL
        trade, ways, price = found.network.trade, found.network.transport, np.nan_to_num(found.price)
        # A market or a way has room if it does not bind and one unit more would not lose money there.
        worth = trade.gain - np.where(trade.sells, 1.0, -1.0) * price[trade.material, trade.place]
        self._has_room: Bools = (found.market_value[trade.row] <= 0) & (worth >= -NEAR * (1 + np.abs(trade.gain)))
        worth = price[ways.material, ways.destination] - price[ways.material, ways.origin] - ways.cost
        self._is_open: Bools = (found.route_value[ways.row] <= 0) & (worth >= -NEAR * (1 + np.abs(ways.cost)))

    def of(self, at: int, most: int) -> tuple[tuple[Hold, int], ...]:
        """What holds back the plant at this position, each with its row or material; nothing if it simply does not pay."""
        found = dict[tuple[Hold, int], None]()
        for one in self._of(at, set()):
            found[one] = None
            if len(found) == most:
                break
        return tuple(found)

    def margin(self, at: int) -> float:
        """What one more unit of it would earn at the prices of the place, beyond its variable cost."""
        price = np.nan_to_num(self._found.price[:, self._place[at]])
        rows, process = self._chain.technologies, int(self._chain.plants.process[self._found.plants[at]])
        cost = np.nansum(rows.variable_cost[rows.process == process])
        return float((self._recipe[:, [at]].T @ price).sum() - cost)

    def _of(self, at: int, seen: set[int]) -> Iterator[tuple[Hold, int]]:
        seen.add(at)
        process = int(self._chain.plants.process[self._found.plants[at]])
        column = self._recipe[:, [at]].tocoo()
        for material, amount in zip(column.coords[0].tolist(), column.data.tolist(), strict=True):
            if amount < 0 or material == self._chain.processes.product[process] or self._chain.treats[process]:
                yield from self._way(material, at, seen, out=amount > 0)

    def _way(self, material: int, at: int, seen: set[int], *, out: bool) -> Iterator[tuple[Hold, int]]:
        """Limits on the way of a material out of a plant or into it; none where a market has room."""
        ways, places = self._routes(material, int(self._place[at]), out=out)
        markets = self._markets(material, places, sells=out)
        if self._has_room[markets].any():
            return
        rows = self._found.network.trade.row[markets]
        for row in np.unique(rows[self._found.market_value[rows] > 0]).tolist():
            yield Hold.MARKET, row
        for row in ways[self._found.route_value[ways] > 0].tolist():
            yield Hold.ROUTE, row
        others, wanted = self._others(material, places, out=out), self._wanted(material) if out else []
        for other in others:
            if self._found.capacity_value[other] > 0:
                yield Hold.PLANT, int(self._found.plants[other])
            elif other not in seen:
                yield from self._of(other, seen)
        for row in wanted:
            yield Hold.DEMAND, row
        if not (markets.size or ways.size or others or wanted):
            yield (Hold.UNSOLD if out else Hold.LACKING), material

    def _routes(self, material: int, place: int, *, out: bool) -> tuple[Ints, Ints]:
        """Routes that carry it from or to a place, and the places that those with room join to it."""
        ways = self._found.network.transport
        here, there = (ways.origin, ways.destination) if out else (ways.destination, ways.origin)
        on = np.flatnonzero((ways.material == material) & (here == place))
        return np.unique(ways.row[on]), np.unique(np.append(there[on[self._is_open[on]]], place))

    def _markets(self, material: int, places: Ints, *, sells: bool) -> Ints:
        trade = self._found.network.trade
        return np.flatnonzero((trade.material == material) & (trade.sells == sells) & (trade.limit > 0) & np.isin(trade.place, places))

    def _others(self, material: int, places: Ints, *, out: bool) -> list[int]:
        """Plants there that take what goes out, or make what comes in."""
        row = slice(self._by_material.indptr[material], self._by_material.indptr[material + 1])
        plants, amounts = self._by_material.indices[row], self._by_material.data[row]
        fits = ((amounts < 0) if out else (amounts > 0)) & np.isin(self._place[plants], places)
        return [int(plant) for plant in plants[fits]]

    def _wanted(self, material: int) -> list[int]:
        wants = self._found.network.wants
        return [int(row) for row in np.unique(wants.row[wants.material == material])]
