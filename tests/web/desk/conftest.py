"""The chain of the pages' tests."""

from tests.web.chain.conftest import overview, version, work

__all__ = ["overview", "version", "work"]
