"""What of the chain a person may see. Owns: which figures a firm is not shown, and the pages without them. Never: reading answers.

A firm sees published aggregates: no figure that fewer than three firms stand behind, or one of them nearly alone, and none that
would give it away; of plants and ties it sees its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from liantu.web.accounts.models import Person
from liantu.words import Lang, say

FEWEST, LARGEST = 3, 0.85
WITHHELD = "withheld"
_STATES = ("long", "even", "short", "missing")
Part = Mapping[str, Any]


def is_firm(person: Person) -> bool:
    """Whether this person is shown aggregates only."""
    return person.organisation.is_firm


def is_withheld(panel: Part) -> bool:
    """Whether a link's capacity would tell a single firm's: too few behind it, one of them too large, or its feed tells theirs."""
    return bool(0 < panel["firms"] < FEWEST or panel["largest"] > LARGEST or panel["fed"])


def seen(told: Part, person: Person, lang: Lang) -> Part:
    """An overview as this person may see it; the office's is untouched."""
    if not is_firm(person):
        return told
    if not told.get("page"):
        return {**told, "findings": []}
    board = told["board"]
    hidden = {panel["key"] for panel in board["panels"] if is_withheld(panel)}
    chain = next((section["chain"] for section in told["page"]["sections"] if section["key"] == "chain"), None)
    shown = _map(chain, hidden, lang) if chain else None
    own = person.organisation.key
    return {
        **told,
        "findings": [],
        "page": {
            **told["page"],
            "conclusion": _conclusion(told["page"], shown, len(hidden), lang),
            "sections": [{"key": "chain", "chain": shown}] if shown else [],
            "figures": [],
        },
        "board": {
            **board,
            "panels": [_panel(panel, panel["key"] in hidden, own, lang) for panel in board["panels"]],
            "bonds": [bond for bond in board["bonds"] if own and own in (bond["seller_id"], bond["buyer_id"])],
            "holdings": [one for one in board["holdings"] if own and own in (one["owner_id"], one["firm_id"])],
            "cards": [],
            "first": [],
            "split": [],
            "accounts": [],
        },
    }


def _map(chain: Part, hidden: set[str], lang: Lang) -> Part:
    lanes = {
        lane: [{**stage, "nodes": [_node(node, node["key"] in hidden, lang) for node in stage["nodes"]]} for stage in chain[lane]]
        for lane in ("main", "back")
    }
    count = Counter(node["state"] for stages in lanes.values() for stage in stages for node in stage["nodes"])
    return {**lanes, "counts": [[state, say(f"report.state-{state}", lang), count[state]] for state in _STATES]}


def _node(node: Part, is_hidden: bool, lang: Lang) -> Part:
    if not is_hidden:
        return {**node, "load": "", "badge": ""}
    word = say("pages.withheld", lang)
    label = say("pages.withheld-label", lang, {"name": node["name"]})
    return {**node, "figures": "—", "unit": "", "state": WITHHELD, "word": word, "bar": None, "load": "", "badge": "", "label": label}


def _panel(panel: Part, is_hidden: bool, own: str, lang: Lang) -> Part:
    """Capacity by year and the worth of one more are for the office: fewer firms may stand behind them than behind the sum."""
    plants = [plant for plant in panel["plants"] if own and plant["firm_id"] == own]
    bare = {**panel, "plants": plants, "years": None, "worth": "", "prospect": ""}
    if not is_hidden:
        return bare
    sentence = [{"text": say("pages.withheld-why", lang, {"fewest": FEWEST}), "tone": ""}]
    return {**bare, "state": WITHHELD, "word": say("pages.withheld", lang), "sentence": sentence, "takes": [], "unit": ""}


def _conclusion(page: Part, shown: Part | None, withheld: int, lang: Lang) -> list[Part]:
    count = {state: number for state, _, number in shown["counts"]} if shown else dict.fromkeys(_STATES, 0)
    named = [say(f"pages.firm-{state}", lang, {"count": count[state]}) for state in ("missing", "short") if count[state]]
    told = say("pages.and", lang).join(named) or say("pages.firm-neither", lang)
    text = say("pages.firm-conclusion", lang, {"told": told, "withheld": withheld})
    return [{"text": page["dateline"][0], "tone": ""}, {"text": text, "tone": ""}]
