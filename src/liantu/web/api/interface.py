"""The interface as a whole. Owns: which operations there are and under which addresses. Never: what they do."""

from __future__ import annotations

from functools import cache

from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI

from liantu.web.api.operations import imports, me, papers, people, registers, scenarios, trail, versions, work
from liantu.web.api.signed import signed, speak_errors

# An address belongs to one router: of two, Django would ask the first alone, and the methods of the second would not be there.
ROUTERS = (
    me.router, registers.router, imports.router, versions.router, work.router, scenarios.router, papers.router, people.router, trail.router,
)  # fmt: skip


@cache
def interface(version: str) -> list[URLPattern | URLResolver]:
    """Its addresses, with the description at ``openapi.json``."""
    made = api(version)
    return list(made.urls[0])


@cache
def api(version: str) -> NinjaAPI:
    """The interface; made once, as its routers belong to one only."""
    made = NinjaAPI(title="Liantu 链图", version=version, urls_namespace="api", docs_url=None, auth=signed)
    for router in ROUTERS:
        made.add_router("", router)
    speak_errors(made)
    return made
