"""Every route of the workbench, with an address to try it by."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse

# What stands for a path's argument: a table that exists, and records that do not.
NUMBER = 999_999
WORDS = {"table": "plants", "lang": "zh", "kind": "csv"}


def names() -> list[str]:
    """Every route by its name."""
    return sorted(dict.fromkeys(_walk(get_resolver().url_patterns)))


def address(route: str) -> str:
    """An address of the route."""
    arguments, converters = _arguments(route)
    return reverse(route, kwargs={name: NUMBER if converters[name] == "IntConverter" else WORDS.get(name, "x") for name in arguments})


def arguments(route: str) -> list[str]:
    """The names of what an address of the route takes."""
    return list(_arguments(route)[0])


def _walk(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}"


def _arguments(route: str) -> tuple[list[str], dict[str, str]]:
    space, _, name = route.rpartition(":")
    resolver = get_resolver()
    if space:
        _, resolver = resolver.namespace_dict[space]
    _, _, _, converters = resolver.reverse_dict[name]
    kinds = {key: type(value).__name__ for key, value in converters.items()}
    possibilities = resolver.reverse_dict.getlist(name)[0][0]
    return possibilities[0][1], kinds
