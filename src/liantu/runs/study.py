"""One sweep as its workers see it: what is asked, and a span of runs answered. Owns: Study, Span, answering run k.
Never: processes, files.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from liantu.engines.planning.repeat import Repeat
from liantu.engines.planning.solver import SolverOptions
from liantu.errors import CallError, InputError, LiantuError, SolveError
from liantu.model.chain import Chain
from liantu.model.rows import Floats
from liantu.model.scenario import apply
from liantu.runs.ask import Question
from liantu.runs.door import question_of
from liantu.runs.factors import Changer, Factor, draws
from liantu.runs.figures import counted, objective

Outcome = tuple[str, float, dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is asked of every future.

    Attributes
    ----------
    design : float array (runs × factors), optional
        What each factor is in each run; without it they are drawn.
    """

    verb: str
    chain: Chain
    year: int
    factors: tuple[Factor, ...]
    seed: int
    design: Floats | None = None
    options: object = None

    def numbers(self, first: int, last: int) -> Floats:
        """What the factors are in some runs."""
        return draws(self.factors, self.seed, first, last) if self.design is None else self.design[first:last]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Answers of consecutive runs.

    Attributes
    ----------
    status : str array
        ``optimal``, ``infeasible``, ``unbounded``, ``time_limit`` or ``failed``.
    values : float array (runs × names)
        What each run counted, 0 where it did not mention the name.
    """

    first: int
    status: np.ndarray
    objective: Floats
    names: tuple[str, ...]
    values: Floats
    seconds: float

    @property
    def last(self) -> int:
        """The run after the last one."""
        return self.first + len(self.status)


class Runner:
    """A study, ready to be answered span by span."""

    def __init__(self, study: Study) -> None:
        self._study, self._changer = study, Changer(study.factors)
        self._answer: Callable[[Chain], Outcome] = _best_use(study) if study.verb == "throughput" else _asked(study)

    def span(self, first: int, last: int) -> Span:
        """Answer runs ``first`` to ``last`` − 1."""
        began = time.perf_counter()
        study = self._study
        found = [self._answer(apply(study.chain, self._changer.changes(row))) for row in study.numbers(first, last)]
        names = tuple(dict.fromkeys(name for _, _, values in found for name in values))
        return Span(
            first=first,
            status=np.array([status for status, _, _ in found], dtype=np.str_),
            objective=np.array([worth for _, worth, _ in found], dtype=np.float64),
            names=names,
            values=np.array([[values.get(name, 0.0) for name in names] for _, _, values in found]).reshape(len(found), len(names)),
            seconds=time.perf_counter() - began,
        )


def _best_use(study: Study) -> Callable[[Chain], Outcome]:
    repeat = Repeat(study.chain, study.year, study.options if isinstance(study.options, SolverOptions) else None)
    names = [study.chain.plants.id[at] for at in repeat.plants]

    def answer(chain: Chain) -> Outcome:
        try:
            found = repeat.use(chain)
        except SolveError:
            return "failed", np.nan, dict.fromkeys(names, 0.0)
        # A run without an answer still names the plants, so that every future has the same columns.
        return found.status.value, found.objective, dict(zip(names, np.nan_to_num(found.activity).tolist(), strict=True))

    return answer


def _asked(study: Study) -> Callable[[Chain], Outcome]:
    question = Question(year=study.year, demand={}, buy=(), options=study.options)
    verb = question_of(study.verb)

    def answer(chain: Chain) -> Outcome:
        try:
            asked = verb(chain, question)
        except CallError:
            raise
        except LiantuError as error:
            return _ended(error), np.nan, {}
        if not asked.solved:
            return "infeasible", np.nan, {}
        worth = objective(asked.answer)
        return "optimal", np.nan if worth is None else worth, counted(study.verb, asked.answer)

    return answer


def _ended(error: LiantuError) -> str:
    if isinstance(error, InputError):
        return "unbounded" if error.code == "free-money" else "failed"
    return "time_limit" if error.code == "time-limit" else "failed"
