"""The blocks that every planning program shares: balances, trade, transport, demands. Owns: Laid, lay. Never: capacities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.engines.planning.network import Network
from liantu.engines.planning.program import Block, Builder
from liantu.model.chain import Chain
from liantu.model.rows import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Numbers of the blocks.

    Attributes
    ----------
    balance : rows (materials × places × years)
        made + bought + arriving + unmet − taken − sold − leaving − demand ≥ 0; what is over is the surplus.
    trade, transport, unmet : columns
    market_limit, route_limit : rows
        Limits shared by several columns; −1 where a column has its own bound instead.
    met : rows
        Demands without a site, met from any place; −1 for the others.
    """

    balance: Block
    trade: Block
    transport: Block
    unmet: Block
    market_limit: Block
    route_limit: Block
    met: Block


def lay(build: Builder, chain: Chain, net: Network, worth: Floats) -> Laid:
    """Add the shared blocks; ``worth`` is what money of each year counts in the objective."""
    shape = (len(chain.materials), len(net.sites), len(net.years))
    demand = np.zeros(shape)
    wants = net.wants
    here = wants.place >= 0
    np.add.at(demand, (wants.material[here], wants.place[here], wants.year[here]), wants.amount[here])
    balance = build.rows(shape, lower=demand)
    trade, market_limit = _trade(build, net, balance, worth)
    transport, route_limit = _transport(build, net, balance, worth)
    unmet, met = _unmet(build, net, balance, worth)
    return Laid(balance=balance, trade=trade, transport=transport, unmet=unmet, market_limit=market_limit, route_limit=route_limit, met=met)


def _shared(build: Builder, owner: np.ndarray, limit: Floats, weight: np.ndarray | float, columns: Block) -> Block:
    """A row for each owner whose limit several columns share."""
    shared = np.isfinite(limit)
    rows = np.full(columns.size, -1, dtype=np.int32)
    if shared.any():
        owners, first, at = np.unique(owner[shared], return_index=True, return_inverse=True)
        block = build.rows((owners.size,), upper=limit[shared][first])
        rows[shared] = block[at]
        build.entries(rows[shared], columns[shared], np.broadcast_to(weight, columns.shape)[shared])
    return rows


def _trade(build: Builder, net: Network, balance: Block, worth: Floats) -> tuple[Block, Block]:
    trade, many = net.trade, len(net.years)
    owner = trade.row * many + trade.year
    alone = np.bincount(owner, minlength=int(owner.max(initial=-1)) + 1)[owner] == 1 if owner.size else np.zeros(0, dtype=bool)
    columns = build.columns((owner.size,), cost=trade.gain * worth[trade.year], upper=np.where(alone, trade.limit, np.inf))
    build.entries(balance[trade.material, trade.place, trade.year], columns, np.where(trade.sells, -1.0, 1.0))
    return columns, _shared(build, owner, np.where(alone, np.inf, trade.limit), 1.0, columns)


def _transport(build: Builder, net: Network, balance: Block, worth: Floats) -> tuple[Block, Block]:
    ways, many = net.transport, len(net.years)
    owner = ways.row * many + ways.year
    alone = np.bincount(owner, minlength=int(owner.max(initial=-1)) + 1)[owner] == 1 if owner.size else np.zeros(0, dtype=bool)
    columns = build.columns((owner.size,), cost=-ways.cost * worth[ways.year], upper=np.where(alone, ways.limit / ways.weight, np.inf))
    build.entries(balance[ways.material, ways.origin, ways.year], columns, -1.0)
    build.entries(balance[ways.material, ways.destination, ways.year], columns, 1.0)
    return columns, _shared(build, owner, np.where(alone, np.inf, ways.limit), ways.weight, columns)


def _unmet(build: Builder, net: Network, balance: Block, worth: Floats) -> tuple[Block, Block]:
    """What of a demand is not met, at its penalty; of a firm demand nothing may be.

    A demand without a site is met from any place: one delivery a place, together with the unmet part its amount.
    """
    wants = net.wants
    firm = np.isnan(wants.penalty)
    cost = -np.nan_to_num(wants.penalty) * worth[wants.year]
    unmet = build.columns((wants.row.size,), cost=cost, upper=np.where(firm, 0.0, wants.amount))
    here = wants.place >= 0
    build.entries(balance[wants.material[here], wants.place[here], wants.year[here]], unmet[here], 1.0)
    anywhere, rows = np.flatnonzero(~here), np.full(here.size, -1, dtype=np.int32)
    if anywhere.size:
        places = len(net.sites)
        given = build.columns((anywhere.size, places))
        build.entries(balance[wants.material[anywhere], :, wants.year[anywhere]], given, -1.0)
        met = build.rows((anywhere.size, 1), lower=wants.amount[anywhere, None], upper=wants.amount[anywhere, None])
        build.entries(met, given, 1.0)
        build.entries(met[:, 0], unmet[anywhere], 1.0)
        rows[anywhere] = met[:, 0]
    return unmet, rows
