"""Which handler does which kind of job, and what becomes due by itself. Owns: these two lists. Never: handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from liantu.web.jobs.child import Handler
from liantu.web.papers import handlers as papers
from liantu.web.registry import due
from liantu.web.registry import handlers as registry
from liantu.web.work import handlers as work

# A kind has its words in words/jobs.csv, `kind-…`.
HANDLERS: Mapping[str, Handler] = {
    "import": registry.bring, "version": registry.version, "run": work.run, "precompute": work.precompute, "paper": papers.paper,
}  # fmt: skip
# Asked every few seconds by the worker: each puts into the queue what nobody has to ask for.
DUE: tuple[Callable[[], None], ...] = (work.due, due.tell)
