"""A year's network without the nodes where nothing happens. Owns: Condensed. Never: several years, a solver.

A node is a material at a place. Where no plant makes or takes it, no demand wants it, no market of the place trades it and
no route with a limit ends, it only passes through: the ways over such nodes are hauls at the least freight, and what is
traded at every place alike is traded where it is made or taken. The best use is worth the same, from far fewer columns.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

import numpy as np

from liantu.engines.matrices import exchanged, net
from liantu.engines.planning.network import SHORT, Network, Trade, Transport
from liantu.engines.planning.throughput import Case
from liantu.model.rows import Bools, Floats

# Freight between all places of all materials is kept up to this many; beyond, and where something happens at more than
# this share of the nodes, nothing is condensed.
LARGEST, SHARE = 5_000_000, 0.5
# Freight that differs by less than this share is the same.
SAME = 1e-12

_Rows = TypeVar("_Rows", Trade, Transport)


class Condensed:
    """The network of a case, seen from the nodes where something happens and those of one place more."""

    def __init__(self, case: Case) -> None:
        self._whole, (materials, places, _) = case.net, case.laid.balance.shape
        self._happens = _happens(case, (materials, places))
        self.pays = case.net.transport.row.size > 0 and materials * places**2 <= LARGEST and self._happens.mean() <= SHARE
        if self.pays:
            self._freight, self._direct = _hauls(case.net.transport, self._happens)

    def around(self, place: int) -> Network:
        """With every material at one place."""
        if not self.pays:
            return self._whole
        nodes, trade = self._happens.copy(), self._whole.trade
        nodes[:, place] = True
        return replace(self._whole, trade=_some(trade, nodes[trade.material, trade.place]), transport=self._ways(nodes))

    def _ways(self, nodes: Bools) -> Transport:
        """The routes that have a limit, and hauls between nodes."""
        ways = _some(self._whole.transport, np.isfinite(self._whole.transport.limit))
        material, origin, destination = (one.astype(SHORT) for one in np.nonzero(self._direct & nodes[:, :, None] & nodes[:, None, :]))
        many = material.size
        hauls = Transport(
            row=self._whole.transport.row.max() + 1 + np.arange(many, dtype=SHORT),
            material=material,
            origin=origin,
            destination=destination,
            year=np.zeros(many, dtype=SHORT),
            cost=self._freight[material, origin, destination],
            weight=np.ones(many),
            limit=np.full(many, np.inf),
        )
        return Transport(**{one.name: np.concatenate([getattr(ways, one.name), getattr(hauls, one.name)]) for one in fields(Transport)})


def _happens(case: Case, shape: tuple[int, int]) -> Bools:
    chain, of, found = case.chain, case.net, np.zeros(shape, dtype=np.bool_)
    recipe = net(exchanged(chain))[:, chain.plants.process[case.plants]].tocoo()
    material, plant = recipe.coords
    found[material, of.place[chain.plants.site[case.plants[plant]]]] = True
    here = of.wants.place >= 0
    found[of.wants.material[here], of.wants.place[here]] = True
    own = chain.markets.site[of.trade.row] >= 0
    found[of.trade.material[own], of.trade.place[own]] = True
    limited = np.isfinite(of.transport.limit)
    for end in (of.transport.origin, of.transport.destination):
        found[of.transport.material[limited], end[limited]] = True
    return found


def _hauls(ways: Transport, happens: Bools) -> tuple[Floats, Bools]:
    """Least freight (materials × origins × destinations) by routes without a limit over nodes where nothing happens, and where
    no way over others is cheaper (Floyd & Warshall).
    """
    places, free = happens.shape[1], np.isinf(ways.limit)
    passing = np.full((*happens.shape, places), np.inf)
    np.minimum.at(passing, (ways.material[free], ways.origin[free], ways.destination[free]), ways.cost[free])
    any_way = passing.copy()
    for over in range(places):
        np.minimum(any_way, any_way[:, :, over, None] + any_way[:, None, over], out=any_way)
        still = np.where(happens[:, over, None], np.inf, passing[:, :, over])
        np.minimum(passing, still[:, :, None] + passing[:, None, over], out=passing)
    direct = np.isfinite(passing) & (passing <= any_way * (1 + SAME))
    direct[:, np.arange(places), np.arange(places)] = False
    return passing, direct


def _some(rows: _Rows, which: Bools) -> _Rows:
    return replace(rows, **{one.name: getattr(rows, one.name)[which] for one in fields(rows)})
