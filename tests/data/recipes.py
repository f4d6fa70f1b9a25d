"""Looking into a chain's recipes, for tests."""

from __future__ import annotations

import numpy as np


def rows(table):
    return [dict(zip(table.columns, cells, strict=True)) for cells in zip(*table.columns.values(), strict=True)]


def signed(chain):
    """Exchange matrix, materials × processes."""
    exchanges = chain.exchanges
    matrix = np.zeros((len(chain.materials), len(chain.processes)))
    np.add.at(matrix, (exchanges.material, exchanges.process), chain.sign * exchanges.amount)
    return matrix


def amount(chain, process, material, direction):
    at = chain.exchanges
    hit = (at.process == chain.process_index[process]) & (at.material == chain.material_index[material]) & (at.direction == direction)
    return float(at.amount[hit].sum())
