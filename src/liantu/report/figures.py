"""Figures as data: the chain map, capacity bars, targets. Owns: what is drawn where and how large. Never: markup, colours of states."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from liantu.report import numbers
from liantu.report.cells import number, text
from liantu.report.facts import Facts
from liantu.report.labels import group_name, indicator_name, link_name
from liantu.report.links import RANK, Link
from liantu.report.page import Bar, ChainMap, Node, Stage, Target, Tone
from liantu.report.stages import lanes
from liantu.words import Lang, say

_TONE: Mapping[str, Tone] = {"missing": "missing", "short": "short", "even": "even", "long": "long", "unused": "grey"}
# Half of the target or less is a red light, anything else that misses it a yellow one.
RED_BELOW = 0.5


def worst_first(links: Iterable[Link]) -> tuple[Link, ...]:
    """Missing, short, even, long, not used; within a state the one furthest below its need first."""
    return tuple(sorted(links, key=lambda link: (RANK[link.state], link.capacity / link.need if link.need else 0.0, link.step)))


def capacity_bar(link: Link) -> Bar:
    """Running, building and planned capacity against the need, in per cent of the larger of the two."""
    whole = max(link.need, link.capacity + link.building + link.planned)
    share = 100 / whole if whole > 0 else 0.0
    return Bar(
        running=link.capacity * share,
        building=link.building * share,
        planned=link.planned * share,
        need=link.need * share if link.need > 0 else None,
        tone=_TONE[link.state],
    )


def chain_map(facts: Facts, lang: Lang) -> ChainMap:
    """Stages from ore to product as columns, the return lane beneath."""
    counts = Counter(link.state for link in facts.links)
    return ChainMap(
        main=_stages(facts, lang, "main"),
        back=_stages(facts, lang, "return"),
        counts=tuple((state, say(f"report.state-{state}", lang), counts[state]) for state in ("long", "even", "short", "missing")),
    )


def _stages(facts: Facts, lang: Lang, lane: str) -> tuple[Stage, ...]:
    look = lanes()
    known = [group for group in look if look[group] == lane]
    unknown = [link.group for link in facts.links if link.group not in look] if lane == "main" else []
    stages = []
    for group in dict.fromkeys((*known, *unknown)):
        links = [link for link in facts.links if link.group == group]
        if links:
            nodes = tuple(_node(facts, link, lang) for link in sorted(links, key=_along(lane)))
            stages.append(Stage(key=group if group in look else "other", name=group_name(group, lang), nodes=nodes))
    return tuple(stages)


def _along(lane: str) -> Callable[[Link], int]:
    """Order within a stage: towards the product; in the return lane as the recipes are listed."""
    return (lambda link: -link.step) if lane == "main" else (lambda link: link.process)


def _node(facts: Facts, link: Link, lang: Lang) -> Node:
    shown = numbers.scale(link.unit, max(link.capacity, link.need), lang)
    capacity, need = pair(link.capacity * shown.factor, link.need * shown.factor)
    name, word = link_name(facts, link, lang), say(f"report.state-{link.state}", lang)
    spoken = {"name": name, "word": word, "capacity": f"{capacity} {shown.unit}", "need": f"{need} {shown.unit}"}
    return Node(
        name=name,
        unit=shown.unit,
        figures=f"{capacity} / {need}",
        state=link.state,
        word=word,
        bar=capacity_bar(link),
        load=say("report.node-load", lang, {"load": numbers.percent(link.load)}) if link.capacity > 0 else "",
        badge=say("report.badge-illustrative", lang) if link.illustrative > 0 else "",
        label=say("report.node-label", lang, spoken),
        key=node_key(facts, link),
    )


def node_key(facts: Facts, link: Link) -> str:
    """What names a node whatever the language: its stage and its product."""
    return f"{link.group}.{facts.chain.materials.id[link.product]}"


def pair(one: float, other: float) -> tuple[str, str]:
    """Two numbers of one unit with the same decimals, three figures in the larger.

    >>> pair(6.0, 0.97), pair(0, 372.1)
    (('6.00', '0.97'), ('0', '372'))
    """
    decimals = numbers.digits(max(abs(one), abs(other)))
    first, second = ("0" if value == 0 else numbers.fixed(value, decimals) for value in (one, other))
    return first, second


def targets(facts: Facts, lang: Lang) -> tuple[Target, ...]:
    """Every indicator that has a target and a value, the ones furthest off first."""
    aimed = [row for row in facts.balance.grid("indicators") if math.isfinite(number(row, "target"))]
    return tuple(_target(row, lang) for row in sorted(aimed, key=_reached) if math.isfinite(number(row, "value")))


def unmeasured(facts: Facts, lang: Lang) -> tuple[str, ...]:
    """Names of indicators that have a target but nothing to be measured by: nothing was mined, nothing collected."""
    rows = facts.balance.grid("indicators")
    return tuple(
        indicator_name(row, lang) for row in rows if math.isfinite(number(row, "target")) and not math.isfinite(number(row, "value"))
    )


def _reached(row: Mapping[str, object]) -> float:
    value, target = number(row, "value"), number(row, "target")
    if not math.isfinite(value):
        return math.inf
    below = text(row, "operator").startswith("<")
    return (target / value if value else math.inf) if below else (value / target if target else math.inf)


def _target(row: Mapping[str, object], lang: Lang) -> Target:
    value, target = number(row, "value"), number(row, "target")
    light = light_of(row)
    whole = max(target, value if math.isfinite(value) else 0.0, 1.0 if target <= 1 else 0.0)
    return Target(
        key=text(row, "id"),
        name=indicator_name(row, lang),
        value=numbers.percent(value),
        target=f"{_SIGNS.get(text(row, 'operator'), '')} {numbers.percent(target)}".strip(),
        verdict=verdict(row, lang),
        light=light,
        bar=Bar(
            running=100 * max(value, 0.0) / whole if math.isfinite(value) else 0.0,
            need=100 * target / whole,
            tone="short" if light in ("red", "yellow") else "even",
        ),
    )


_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}


def light_of(row: Mapping[str, object]) -> Tone:
    """Green where the target is met, yellow where it is missed, red where not half of it is reached, grey where it cannot be judged."""
    value, met = number(row, "value"), row.get("met")
    if met is None or not math.isfinite(value) or _beyond(row):
        return "grey"
    return "green" if met else "red" if _reached(row) <= RED_BELOW else "yellow"


def _beyond(row: Mapping[str, object]) -> bool:
    """A recovery above all that was mined works on bought material: it meets no target by that."""
    return text(row, "id").startswith("recovery_") and number(row, "value") > 1


def verdict(row: Mapping[str, object], lang: Lang) -> str:
    """Met, or by how many percentage points it is missed."""
    light = light_of(row)
    if _beyond(row):
        return say("report.verdict-beyond", lang)
    if light in ("grey", "green"):
        return say("report.verdict-unknown" if light == "grey" else "report.verdict-met", lang)
    apart = (number(row, "target") - number(row, "value")) * 100
    key = "report.verdict-points" if apart > 0 else "report.verdict-points-over"
    return say(key, lang, {"points": numbers.fixed(abs(apart), 0 if abs(apart) >= 1 else 1)})
