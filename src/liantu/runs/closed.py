"""Markets that are not open in every year asked of. Owns: closed. Never: prices, solving."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from liantu.model.chain import Chain
from liantu.model.findings import Finding
from liantu.model.rows import Ints
from liantu.words import Value

TOLD = 5


def closed(chain: Chain, years: Ints) -> Iterator[Finding]:
    """Materials that could be bought or sold at some time, yet have no price in some of these years: nothing is traded then."""
    markets = chain.markets
    is_open = ~(markets.start[:, None] > years) & ~(markets.end[:, None] < years)
    for direction, code in (("buy", "market-closed-buy"), ("sell", "market-closed-sell")):
        of = markets.direction == direction
        found: dict[tuple[int, ...], list[int]] = {}
        for material in np.unique(markets.material[of]).tolist():
            without = years[~is_open[of & (markets.material == material)].any(axis=0)]
            if without.size:
                found.setdefault(tuple(without.tolist()), []).append(material)
        for without_, closed_ in found.items():
            names = [chain.materials.id[material] for material in closed_]
            file, line = markets.stands(int(np.flatnonzero(of & (markets.material == closed_[0]))[0]))
            shown = ", ".join(names[:TOLD]) + (" …" if len(names) > TOLD else "")
            said = ", ".join(str(year) for year in without_[:TOLD]) + (" …" if len(without_) > TOLD else "")
            values: dict[str, Value] = {"materials": shown, "count": len(names), "years": said}
            yield Finding(code=code, values=values, file=file, row=line, column="start")
