"""The tree at the left. Owns: its groups and entries, in the order of work. Never: rights themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from liantu.web.accounts import rights
from liantu.web.accounts.http import Request
from liantu.web.kit.kept import address

# Group → (word, route, icon). An entry is shown to whom the route is open.
TREE: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("", (("desk", "desk:desk", "desk"),)),
    ("see", (("chain", "chain:map", "chain"), ("balance", "chain:balance", "scales"), ("scenarios", "work:scenarios", "curve"))),
    ("attract", (("recruit", "chain:recruit", "aim"), ("plan", "chain:plan", "grid"), ("coupling", "chain:coupling", "rings"))),
    ("data", (
        ("registers", "registry:index", "table"), ("imports", "registry:imports", "upload"),
        ("runs", "work:runs", "gear"), ("reports", "papers:index", "paper"),
    )),
    ("manage", (
        ("people", "manage:people", "people"), ("versions", "registry:versions", "layers"), ("calendar", "clock:calendar", "days"),
        ("audit", "manage:audit", "shield"), ("health", "manage:health", "pulse"),
    )),
)  # fmt: skip
# The bottom bar of a phone; the rest stands behind "more".
THUMB = ("desk:desk", "chain:map", "chain:recruit", "papers:index")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the tree."""

    word: str
    route: str
    icon: str
    is_here: bool
    is_near: bool


def tree(request: Request) -> Iterator[tuple[str, list[Entry]]]:
    """Groups with the entries this person may open; the one whose address begins the page's own is where we are."""
    actors = rights.actors(request.user)
    open_ = [(group, [entry for entry in entries if rights.allowed(actors, entry[1], "GET")]) for group, entries in TREE]
    addresses = [address(route) for _, entries in open_ for _, route, _ in entries]
    here = max((one for one in addresses if request.path == one or (one != "/" and request.path.startswith(one))), key=len, default="")
    for group, entries in open_:
        if entries:
            yield group, [Entry(word, route, icon, address(route) == here, route in THUMB) for word, route, icon in entries]


def may(request: Request, route: str, method: str = "GET") -> bool:
    """Whether this person may use a route: templates show no button that would be refused."""
    return rights.allowed(rights.actors(request.user), route, method)
