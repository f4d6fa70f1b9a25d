"""The form of a record, made from its schema. Owns: fields, what was typed, what is wrong with it. Never: writes, who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from liantu.model.findings import Finding
from liantu.model.schema import Column
from liantu.web.accounts.models import Organisation, Person
from liantu.web.kit import days
from liantu.web.kit.listing import whole
from liantu.web.registry import access, checks, shown
from liantu.web.registry.actions.rows import Kept
from liantu.web.registry.cells import written
from liantu.web.registry.models import Record
from liantu.words import Lang, say

LONGEST = 5000
_LISTED = 300  # rows that are offered to choose from while typing
_LONG = frozenset({"note", "citation", "definition", "taken", "compliance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: its column, what stands in it, what there is to choose, what is wrong with it."""

    column: Column
    value: str
    choices: list[tuple[str, str]]
    offered: list[tuple[str, str]]
    findings: Sequence[Finding] = ()

    @property
    def kind(self) -> str:
        """How it is typed: chosen, written at length, or on one line."""
        return "select" if self.choices else "area" if self.column.name in _LONG else "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was sent: cells, what is kept beside them, why; and what is wrong."""

    cells: Mapping[str, str]
    kept: Kept
    reason: str
    lock: int
    days: Mapping[str, str]
    findings: list[Finding]

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot be saved."""
        return any(one.level == "error" for one in self.findings)


def typed(post: QueryDict, table: str, masked: frozenset[str], person: Person) -> Typed:
    """Read a form that was sent."""
    names = [column.name for column in shown.columns(table, masked) if f"c_{column.name}" in post]
    given = {name: str(post[f"c_{name}"])[:LONGEST] for name in names}
    findings: list[Finding] = []
    days = {name: post.get(name, "").strip()[:20] for name in ("as_of", "next_due")}
    read = {name: _day(name, text, findings) for name, text in days.items()}
    reason = post.get("reason", "").strip()[:LONGEST]
    if not reason:
        findings.append(Finding(code="reason-absent", column="reason"))
    kept = Kept(owner=_owner(post.get("owner", ""), person), as_of=read["as_of"], next_due=read["next_due"])
    lock = whole(post.get("lock")) or 0
    return Typed(cells=written(table, given), kept=kept, reason=reason, lock=lock, days=days, findings=findings)


def _day(name: str, text: str, findings: list[Finding]) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = date.max
    if day is not None and not days.FIRST <= day <= days.LAST:
        findings.append(Finding(code="day-unread", values={"value": text}, column=name))
        return None
    return day


def _owner(text: str, person: Person) -> Organisation | None:
    number = whole(text)
    named = Organisation.objects.filter(pk=number).first() if number is not None else None
    return keeper(named, person)


def keeper(named: Organisation | None, person: Person) -> Organisation | None:
    """The organisation that keeps a record: the one that the office names; whoever is outside the office keeps it themselves."""
    return named if person.organisation.kind == "office" else person.organisation


def check(table: str, whole: Mapping[str, str], record: Record | None, person: Person) -> list[Finding]:
    """What the core finds in a row, with the rows it refers to; and whether this person may give it its id."""
    is_named = record is not None and record.cell("id") == whole.get("id", "")
    if not is_named and not access.may_name(person, table, whole):
        return [Finding(code="id-not-yours", values={"begins": f"{person.organisation.key}-"}, column="id")]
    replaced = frozenset({record.pk}) if record else frozenset[int]()
    found, _ = checks.checked([checks.Given(table=table, rows=[whole], lines=[2], file="form", replaces=replaced)], person)
    return found


def fields(table: str, values: Mapping[str, str], findings: Sequence[Finding], person: Person, lang: Lang) -> list[Field]:
    """The fields of a form in the contract's order: those this person may read."""
    masked = access.masked(person, table)
    offered = {column.refers: _offered(column.refers, person, lang) for column in shown.columns(table, masked) if column.type == "ref"}
    return [
        Field(
            column=column,
            value=values.get(column.name, ""),
            choices=_choices(column, lang),
            offered=offered.get(column.refers, []) if column.type == "ref" else [],
            findings=[one for one in findings if one.column == column.name],
        )
        for column in shown.columns(table, masked)
    ]


def _choices(column: Column, lang: Lang) -> list[tuple[str, str]]:
    if column.choices:
        return list(zip(column.choices, column.spelled(lang), strict=True))
    return [(word, say(f"workbook.{word}", lang)) for word in ("yes", "no")] if column.type == "flag" else []


def _offered(table: str, person: Person, lang: Lang) -> list[tuple[str, str]]:
    first, second = ("c_name_zh", "c_name_en") if lang == "zh" else ("c_name_en", "c_name_zh")
    rows = access.seen(person, table).order_by("pk").values_list("c_id", first, second)[: _LISTED + 1]
    held = [(key, name or other) for key, name, other in rows]
    return held if len(held) <= _LISTED else []
