"""Who works: this process, processes of this machine, or a Dask cluster. Owns: handing spans out, chunk sizes, what dies.
Never: what a run is.

A worker gets the study once. A span is as long as half a second of work or more, so that handing it out costs nothing
beside it; where it is cut makes no difference to any run. A cluster runs whatever it is sent, by anybody who reaches it:
only one on this machine or one behind TLS is taken.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures import CancelledError as Cancelled
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from typing import Any
from urllib.parse import urlsplit

from liantu import __version__
from liantu.errors import CallError, SolveError
from liantu.runs.study import Runner, Span, Study

SPAN_S = 0.75
FIRST_SPAN, LONGEST_SPAN = 8, 100_000
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
CONNECT_S, CLOSE_S, PATIENCE_S = 10, 5, 30
_mine: dict[bytes, Runner] = {}

Keep = Callable[[Span], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Where spans are handed in, how many work there, and the errors that say a worker died."""

    submit: Callable[[int, int], Future[Span]]
    workers: int
    deaths: tuple[type[BaseException], ...]


@dataclass(slots=True)
class Sizes:
    """How long the next span is to be: what took `SPAN_S` so far."""

    per_run: float = 0.0
    seen: bool = False

    def learn(self, span: Span) -> None:
        """Take a finished span into account."""
        now = span.seconds / max(len(span.status), 1)
        self.per_run = now if not self.seen else 0.5 * (self.per_run + now)
        self.seen = True

    def cut(self, first: int, last: int, workers: int) -> int:
        """Where the span that begins at ``first`` ends."""
        if not self.seen:
            return min(last, first + FIRST_SPAN)
        most = int(min(max(SPAN_S / max(self.per_run, 1e-9), 1), LONGEST_SPAN))
        # The last spans are shorter, so that no worker waits for another.
        even = max(-(-(last - first) // (2 * workers)), 1)
        return min(last, first + min(most, max(even, FIRST_SPAN)))


@dataclass(slots=True, kw_only=True)
class Work:
    """Spans to be handed out, and what is done with those that come back."""

    missing: list[tuple[int, int]]
    keep: Keep
    sizes: Sizes = field(default_factory=Sizes)

    def next(self, workers: int) -> tuple[int, int] | None:
        """The next span to be done."""
        if not self.missing:
            return None
        first, last = self.missing.pop(0)
        end = self.sizes.cut(first, last, workers)
        if end < last:
            self.missing.insert(0, (end, last))
        return first, end

    def take(self, span: Span) -> None:
        """A span that came back."""
        self.sizes.learn(span)
        self.keep(span)


def alone(study: Study, work: Work) -> None:
    """Do all work in this process."""
    runner = Runner(study)
    while span := work.next(1):
        work.take(runner.span(*span))


def together(opened: AbstractContextManager[Pool], work: Work) -> None:
    """Do all work in a pool; a keyboard interrupt still takes what is being finished.

    Raises
    ------
    SolveError
        ``sweep-worker`` if a worker or the cluster died; what was finished is kept.
    """
    with opened as pool:
        running: set[Future[Span]] = set()
        try:
            while running or work.missing:
                while len(running) < 2 * pool.workers and (span := work.next(pool.workers)):
                    running.add(pool.submit(*span))
                done, running = wait(running, return_when=FIRST_COMPLETED)
                _take(done, pool, work)
        except KeyboardInterrupt:
            going_on = {future for future in running if not future.cancel()}
            _take(wait(going_on, timeout=PATIENCE_S).done, pool, work)
            raise
        except pool.deaths:
            _take((future for future in running if future.done() and not _died(future, pool)), pool, work)
            raise SolveError("sweep-worker") from None


def _take(done: Iterable[Future[Span]], pool: Pool, work: Work) -> None:
    """Keep what is finished, then raise what another died of."""
    dead: list[Future[Span]] = []
    for future in done:
        if _died(future, pool):
            dead.append(future)
        else:
            work.take(future.result())
    for future in dead:
        future.result()


def _died(future: Future[Span], pool: Pool) -> bool:
    return future.cancelled() or isinstance(future.exception(), pool.deaths)


@contextmanager
def local(study: Study, workers: int) -> Iterator[Pool]:
    """Processes of this machine, each with one thread."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        with ProcessPoolExecutor(workers, get_context("spawn"), _begin, (pickle.dumps(study),)) as pool:
            with _held():
                # The first piece of work starts all processes.
                pool.submit(int)
            yield Pool(submit=lambda *runs: pool.submit(_span_here, *runs), workers=workers, deaths=(BrokenProcessPool, Cancelled))
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _held() -> Iterator[None]:
    """Ctrl-C waits until the processes are started: half started they would wait for ever. They themselves never see it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    open_to = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, open_to)
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


def _begin(study: bytes) -> None:
    # Ctrl-C reaches every process of the terminal; only the first decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _mine[b""] = _runner(study)


def _runner(study: bytes) -> Runner:
    return Runner(pickle.loads(study))  # noqa: S301 - made by the process that started the sweep


def _span_here(first: int, last: int) -> Span:
    return _mine[b""].span(first, last)


@contextmanager
def cluster(study: Study, address: str) -> Iterator[Pool]:
    """The workers of a Dask scheduler.

    Raises
    ------
    CallError
        ``scheduler-open`` for an address that is neither on this machine nor TLS, ``scheduler-extra`` without Dask,
        ``scheduler-gone`` if nobody answers, ``scheduler-empty`` without workers, ``scheduler-other`` if theirs is another version.
    """
    _refuse_open(address)
    if find_spec("distributed") is None:
        raise CallError("scheduler-extra")
    dask: Any = import_module("distributed")
    try:
        client = dask.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, TypeError, ValueError) as error:
        raise CallError("scheduler-gone", {"value": address, "reason": type(error).__name__}) from None
    try:
        workers = _workers(client, address)
        data = pickle.dumps(study)
        sent = client.scatter(data, broadcast=True)
        executor: Any = client.get_executor(pure=False)
        submit = partial(executor.submit, _span_there, hashlib.sha256(data).digest(), sent)
        yield Pool(submit=submit, workers=workers, deaths=(Cancelled, asyncio.CancelledError, OSError, dask.KilledWorker))
    finally:
        client.close(timeout=CLOSE_S)


def _refuse_open(address: str) -> None:
    """Whoever reaches a cluster runs what he likes on it, and reads what is sent."""
    parts = urlsplit(address)
    try:
        here = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        here = False
    if not (parts.scheme == "tls" or (parts.scheme == "tcp" and here)):
        raise CallError("scheduler-open", {"value": address})


def _workers(client: Any, address: str) -> int:
    """How many workers there are, all of them with this version of Liantu."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
        theirs = client.run(_version)
    except TimeoutError:
        raise CallError("scheduler-empty", {"value": address}) from None
    except (ImportError, AttributeError):
        theirs = {address: "–"}
    if other := sorted(set(theirs.values()) - {__version__}):
        raise CallError("scheduler-other", {"value": address, "theirs": ", ".join(other), "ours": __version__})
    return len(theirs)


def _version() -> str:
    return __version__


def _span_there(key: bytes, study: bytes, first: int, last: int) -> Span:
    if key not in _mine:
        _mine.clear()
        _mine[key] = _runner(study)
    return _mine[key].span(first, last)
