"""What a demand needs if the chain made everything it has a process for. Owns: require. Never: costs, years' ends, labels.

The open Leontief model on a chain with co-products and waste treatment (Miller & Blair, Input–Output Analysis, 2009,
ch. 2; Heijungs & Suh, The Computational Structure of Life Cycle Assessment, 2002), in which nothing is made below zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from liantu.engines import fixpoint, loops
from liantu.engines.fixpoint import Kept, Solution, System
from liantu.engines.makers import makers
from liantu.engines.matrices import Matrix, by_column, exchanged, net, references
from liantu.errors import CallError, InputError, SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Bools, Floats, Ints

RESIDUAL = 1e-9
# Above it a change of a recipe's last digit moves the answer's seventh.
_SENSITIVE = 1e9
_NOISE = 1e-12
_NAMED = 12
# Beyond this size a back-solve costs more than fifty sweeps; before the third demand factors do not pay.
_SMALL, _SWEPT = 5_000, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to solve: at most this many sweeps before the direct solve."""

    sweeps: int = fixpoint.SWEEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What a demand needs, in the order of the chain.

    Attributes
    ----------
    activity, capacity, gap : float array (processes)
        Units of reference product per year needed and running; gap is needed less running.
    demand, produced, consumed, bought, surplus : float array (materials)
        produced + bought = consumed + demand + surplus; a material on both sides of a recipe counts on both.
    residual : float
        Largest violation of that balance (and of "nothing spare is made, nothing spare is left untreated"),
        relative to all that is made, taken and asked for of the material.
    method : str
        sweep or direct.
    choices : int array
        Materials that several processes could make or treat and nothing says which; none of them was needed.
    """

    activity: Floats
    capacity: Floats
    gap: Floats
    demand: Floats
    produced: Floats
    consumed: Floats
    bought: Floats
    surplus: Floats
    residual: float
    method: str
    iterations: int
    choices: Ints


def require(chain: Chain, demand: Floats, *, year: int, buy: Iterable[int] = (), options: Options | None = None) -> Requirement:
    """The least activities that meet a demand.

    Parameters
    ----------
    demand : float array (materials)
        Amount per year, in each material's own unit.
    year : int
        Whose running capacity shares out materials with several makers.
    buy : positions of materials
        What to buy instead of making it.

    Raises
    ------
    CallError
        ``demand-number`` or ``demand-negative``.
    InputError
        ``choose-maker`` or ``choose-treatment``, all materials that need a choice at once.
    SolveError
        ``gain-loop`` where the demand runs into a loop that amplifies; ``require-unsolved``.
    """
    return Requirements(chain, year, buy=buy, options=options).solve(demand)


class Requirements:
    """A chain made ready to meet any number of demands."""

    def __init__(self, chain: Chain, year: int, *, buy: Iterable[int] = (), options: Options | None = None, evenly: bool = False) -> None:
        self._chain, self._year, self._buy = chain, year, tuple(buy)
        self._options = options or Options()
        self._makers = makers(chain, year, buy=self._buy, evenly=evenly)
        self._sides, self._references = exchanged(chain), references(chain)
        # Where a recipe gives 0.999 of its product for one, more of it is run.
        called = self._makers.share > 0
        self._weight = np.divide(self._makers.share, np.abs(self._references.net), out=np.zeros_like(self._makers.share), where=called)
        self.system = self._build()
        self._asked = 0
        self._capacity = chain.capacity(year)
        self._choices = np.flatnonzero(self._makers.unclear_made | self._makers.unclear_treated)

    def solve(self, demand: Floats) -> Requirement:
        """What this demand needs; see `require`."""
        asked = self._checked(demand)
        solution = self._again(asked) or fixpoint.solve(self.system, asked, sweeps=self._options.sweeps)
        if solution is None or solution.sensitivity > _SENSITIVE:
            self._refuse_gain(asked)
        if solution is None:
            raise SolveError("require-unsolved")
        answer = self._answer(asked, solution)
        if not answer.residual <= RESIDUAL:
            raise SolveError("require-unsolved")
        self._ask_for_choices(answer)
        return answer

    def _again(self, demand: Floats) -> Solution | None:
        """From the third demand on, a small linear chain is solved with factors that are kept."""
        self._asked += 1
        if self._asked <= _SWEPT or not self.system.is_linear or demand.size > _SMALL:
            return None
        return self._kept.solve(demand)

    @cached_property
    def _kept(self) -> Kept:
        return Kept(self.system)

    def _build(self) -> System:
        """Needs of materials on each other: exchanges but the reference ones, shared out among makers."""
        rows, chain, many = self._chain.exchanges, self._chain, len(self._chain.materials)
        solved = self._makers.makes | self._makers.treats
        weight = self._weight[rows.process]
        kept = np.flatnonzero(solved[rows.material] & (weight > 0) & ~self._references.row)
        material, process = rows.material[kept], rows.process[kept]
        value = -(chain.sign[kept] * rows.amount[kept]) * weight[kept]
        of = chain.processes.product[process]
        if not chain.treats.any():
            return System(make=by_column(material, of, value, (many, many)), treat=sparse.csc_array((many, many)))
        treated = chain.treats[process]
        make, treat = (by_column(material[side], of[side], value[side], (many, many)) for side in (~treated, treated))
        return System(make=make, treat=treat)

    def _checked(self, demand: Floats) -> Floats:
        asked = np.asarray(demand, dtype=np.float64)
        wrong = ~np.isfinite(asked) | (asked < 0)
        if asked.shape != (len(self._chain.materials),):
            raise CallError("demand-shape", {"got": str(asked.shape), "materials": len(self._chain.materials)})
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            code = "demand-negative" if asked[at] < 0 else "demand-number"
            raise CallError(code, {"material": self._chain.materials.id[at], "value": float(asked[at])})
        return asked

    def _answer(self, demand: Floats, solution: Solution) -> Requirement:
        chain, product = self._chain, self._chain.processes.product
        need = solution.need[product]
        activity = self._weight * np.maximum(np.where(chain.treats, -need, need), 0)
        produced, consumed = self._sides.made @ activity, self._sides.taken @ activity
        spare, gross = produced - consumed - demand, produced + consumed + demand
        running = np.bincount(product, activity * ~chain.treats, demand.size) > 0
        short, over = np.maximum(-spare, 0), np.maximum(spare, 0)
        off = np.where(self._makers.makes, short, 0) + np.where(self._makers.treats | running, over, 0)
        residual = float(np.divide(off, gross, out=np.zeros_like(off), where=gross > 0).max(initial=0.0))
        # The last digits of a difference are not an amount to buy or to keep.
        real = np.abs(spare) > _NOISE * gross
        return Requirement(
            activity=activity, capacity=self._capacity, gap=activity - self._capacity, demand=demand, produced=produced, consumed=consumed,
            bought=np.where(real & ~self._makers.makes, short, 0.0),
            surplus=np.where(real & ~self._makers.treats & ~running, over, 0.0),
            residual=residual, method=solution.method, iterations=solution.iterations,
            choices=self._choices,
        )  # fmt: skip

    def _ask_for_choices(self, answer: Requirement) -> None:
        made, treated = self._open(answer)
        if not (made.any() or treated.any()):
            return
        made, treated = self._all_open(answer.demand, made, treated)
        code, mask = ("choose-maker", made) if made.any() else ("choose-treatment", treated)
        materials, processes = self._chain.materials.id, self._chain.processes.id
        found = {int(at): self._makers.of(int(at), self._chain, treated=code != "choose-maker") for at in np.flatnonzero(mask)}
        choices = "; ".join(f"{materials[at]} ({', '.join(processes[one] for one in of)})" for at, of in found.items())
        first = next(iter(found))
        example = {"material": materials[first], "process": processes[int(found[first][0])]}
        raise InputError(code, {"choices": choices, "materials": " ".join(materials[at] for at in found), **example})

    def _open(self, answer: Requirement) -> tuple[Bools, Bools]:
        return self._makers.unclear_made & (answer.bought > 0), self._makers.unclear_treated & (answer.surplus > 0)

    def _all_open(self, demand: Floats, made: Bools, treated: Bools) -> tuple[Bools, Bools]:
        """Choices that come up behind the first ones, whichever way those are made."""
        whole = Requirements(self._chain, self._year, buy=self._buy, options=self._options, evenly=True)
        solution = fixpoint.solve(whole.system, demand)
        if solution is None:
            return made, treated
        return made | self._makers.unclear_made & (solution.need > 0), treated | self._makers.unclear_treated & (solution.need < 0)

    def _refuse_gain(self, demand: Floats) -> None:
        product = self._chain.processes.product
        start = (demand[product] > 0) & (self._weight > 0) & ~self._chain.treats
        loop = loops.find_gain(self._calls, start)
        if loop is None:
            return
        names = [self._chain.processes.id[at] for at in loop.processes]
        named = names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"… (+{len(names) - _NAMED})", names[-1]]
        raise SolveError("gain-loop", {"loop": " → ".join([*named, names[0]]), "gain": loop.gain})

    @cached_property
    def _calls(self) -> Matrix:
        """Activity of each process that one unit of another calls up, co-products not credited."""
        chain, own = self._chain, self._chain.processes.product
        every = np.arange(own.size)
        whole = net(self._sides)
        reference = by_column(own, every, self._references.net, whole.shape)
        other = sparse.csc_array(whole - reference)
        makes, treats = (
            by_column(every[side], own[side], self._weight[side], (own.size, len(chain.materials)))
            for side in (~chain.treats, chain.treats)
        )
        calls = makes @ (-other).maximum(0) + treats @ other.maximum(0)
        return sparse.csc_array(calls @ sparse.diags_array(1.0 * (self._weight > 0)))
