"""A firm demand that cannot be met, as an answer and findings. Owns: unmet. Never: mathematics."""

from __future__ import annotations

from liantu.engines.planning.throughput import Unmet
from liantu.model.chain import Chain
from liantu.model.findings import Finding
from liantu.model.results import Column, Grid
from liantu.runs.ask import Asked


def unmet(chain: Chain, found: Unmet, year: int) -> Asked:
    """What is asked and the most of it, with a finding for each firm demand at its row."""
    demands, findings = chain.demands, list[Finding]()
    materials = [chain.materials.id[at] for at in demands.material[found.demand]]
    units = [chain.materials.unit[at] for at in demands.material[found.demand]]
    for row, material, unit, amount, most in zip(found.demand, materials, units, found.amount, found.most, strict=True):
        file, line = demands.stands(int(row))
        values = {"material": material, "unit": unit, "amount": float(amount), "most": float(most)}
        code = "demand-unmet" if most < amount * (1 - 1e-9) else "demand-together"
        findings.append(Finding(code=code, values=values, file=file, row=line, column="amount"))
    columns: dict[str, Column] = {"material": materials, "unit": units, "amount": found.amount, "most": found.most}
    return Asked(answer={"year": year, "most": Grid(columns=columns)}, options={"year": year}, findings=tuple(findings), solved=False)
