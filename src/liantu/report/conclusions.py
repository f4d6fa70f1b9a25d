"""The sentence a leader repeats. Owns: which case it is, which links are named, its length. Never: layout.

What is so, in figures; where it hurts. At most sixty characters in Chinese, three coloured phrases, no empty brackets.
"""

from __future__ import annotations

import math
from typing import Literal

from liantu.report import numbers
from liantu.report.facts import Facts
from liantu.report.labels import demanded, join, link_name, material_name
from liantu.report.links import Link
from liantu.report.page import Phrase
from liantu.report.phrases import marked
from liantu.words import Lang, say

MOST_NAMED = 3
MOST_CHARACTERS = {"zh": 60, "en": 170}


def conclusion(facts: Facts, lang: Lang) -> tuple[Phrase, ...]:
    """The computed sentence, in phrases; as many missing links are named as its length allows."""
    for named in range(MOST_NAMED, -1, -1):
        phrases = _phrases(facts, lang, named)
        if sum(len(phrase.text) for phrase in phrases) <= MOST_CHARACTERS[lang]:
            return phrases
    return phrases


def _phrases(facts: Facts, lang: Lang, named: int) -> tuple[Phrase, ...]:
    asked = [link for link in facts.links if link.need > 0]
    values: dict[str, str | int | float] = {"year": str(facts.year), "links": len(asked), "demand": demanded(facts, lang)}
    if not asked:
        return marked("report.conclusion-all-bought" if facts.demand else "report.conclusion-nothing-asked", lang, values)
    if not any(link.capacity > 0 for link in facts.links):
        return marked("report.conclusion-nothing-runs", lang, values, "missing")
    clauses = [
        clause
        for clause in (
            _long_clause(facts, lang),
            _gap_clause(facts, "missing", lang, named),
            _gap_clause(facts, "short", lang, min(named, 2)),
        )
        if clause
    ]
    if not facts.counted("missing", "short"):
        clauses.append(marked("report.conclusion-enough", lang, values))
    opening = Phrase(text=say("report.conclusion-opening", lang, values))
    between, end = say("report.conclusion-between", lang), say("report.conclusion-end", lang)
    parts: list[Phrase] = [opening]
    for place, clause in enumerate(clauses):
        parts += [*([Phrase(text=between)] if place else []), *clause]
    return (*parts, Phrase(text=end))


def longest(facts: Facts) -> Link | None:
    """The long link whose excess is worth most (where nothing has a price: the longest)."""
    found = facts.counted("long")
    worth = {link: (link.capacity - link.need) * abs(float(facts.worth[link.product])) for link in found}
    if any(math.isfinite(value) for value in worth.values()):
        return max(found, key=lambda link: worth[link] if math.isfinite(worth[link]) else -1.0)
    return max(found, key=lambda link: link.capacity / link.need, default=None)


def _long_clause(facts: Facts, lang: Lang) -> tuple[Phrase, ...]:
    link = longest(facts)
    if link is None:
        return ()
    # Of the product itself nothing is gained by naming it twice.
    other = len(facts.demand) == 1 and facts.demand[0][0] != link.product
    product = material_name(facts, facts.demand[0][0], lang) if other else ""
    key = "conclusion-long" if product else "conclusion-long-several"
    values = {"link": link_name(facts, link, lang), "product": product, "times": numbers.times(link.capacity / link.need)}
    return marked(f"report.{key}", lang, values, "long")


def _gap_clause(facts: Facts, state: Literal["missing", "short"], lang: Lang, named: int) -> tuple[Phrase, ...]:
    links = facts.counted(state)
    if not links:
        return ()
    names = [link_name(facts, link, lang) for link in links[:named]]
    form = "" if not names else "-named" if len(names) == len(links) else "-some"
    return marked(f"report.conclusion-{state}{form}", lang, {"count": len(links), "names": join(names, lang)}, state)
