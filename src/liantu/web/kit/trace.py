"""Which request we are in, for audit and log lines. Owns: Trace and the one that is current. Never: what is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A request's number, the address and browser it came from, a digest of its session; blank where there is no request."""

    request: str = ""
    address: str = ""
    browser: str = ""
    session: str = ""


_NOWHERE = Trace()
_current: ContextVar[Trace] = ContextVar("trace", default=_NOWHERE)


def current() -> Trace:
    """The request being answered."""
    return _current.get()


@contextmanager
def known(trace: Trace) -> Iterator[None]:
    """Everything inside belongs to this request."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)
