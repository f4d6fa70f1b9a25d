"""What waits for a person, what changed, what is due. Owns: gathering it from the other apps. Never: their records, writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, Q, QuerySet, Value
from django.utils import timezone

from liantu.model import schema
from liantu.web.accounts import queries as accounts
from liantu.web.accounts import rights
from liantu.web.accounts.models import Person
from liantu.web.clock.queries import late
from liantu.web.jobs import queries as jobs
from liantu.web.kit.kept import address
from liantu.web.kit.shown import clock, tone
from liantu.web.notices import queries as told
from liantu.web.notices.models import Notice
from liantu.web.papers.models import Paper
from liantu.web.registry import access
from liantu.web.registry.models import MODELS, Batch, Record, Revision, State, Version
from liantu.web.work.models import Scenario
from liantu.words import Lang, say

_MOST, _AHEAD = 12, timedelta(days=30)
_RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something to be done: its light and clock, what and why, and the one verb that does it."""

    tone: str
    clock: str
    title: str
    meaning: str
    verb: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A record whose figures are to be renewed."""

    table: str
    name: str
    key: str
    day: date
    tone: str
    clock: str
    link: str
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody did to a register since the last visit."""

    table: str
    action: str
    count: int
    by: str
    at: datetime
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One of the first things to do with a new workbench, and whether somebody has."""

    key: str
    link: str
    is_done: bool


# Its words, the right it takes, the page it is done on.
_STARTS = (
    ("people", ("manage:new-person", "POST"), "manage:people"),
    ("figures", ("registry:new", "POST"), "registry:index"),
    ("scenario", ("work:scenario-new", "POST"), "work:scenarios"),
    ("version", ("registry:propose", "POST"), "registry:versions"),
    ("report", ("papers:index", "POST"), "papers:index"),
)


def starts(person: Person) -> list[Start]:
    """What this person may begin with, in its order, until all of it has been done once."""
    who = rights.actors(person)
    if person.organisation.is_firm:
        return []
    done = {
        "people": Exists(Person.objects.exclude(pk=person.pk)),
        "figures": Exists(Revision.objects.all()),
        "scenario": Exists(Scenario.objects.all()),
        "version": Exists(Version.objects.filter(number__gt=1)),
        "report": Exists(Paper.objects.all()),
    }
    flags = State.objects.filter(id=1).values_list(*done.values()).first()
    known = dict(zip(done, flags, strict=True)) if flags else {}
    held = [
        Start(key=key, link=address(page), is_done=known.get(key, False)) for key, right, page in _STARTS if rights.allowed(who, *right)
    ]
    return held if not all(one.is_done for one in held) else []


def tasks(person: Person, lang: Lang, due: Sequence[Due], versions: Iterable[Version]) -> list[Task]:
    """Everything that waits for this person, what is late first."""
    return [*_late(due, lang), *_versions(person, lang, versions), *_grants(person, lang), *_imports(person, lang), *_failed(person, lang)]


def _late(due: Sequence[Due], lang: Lang) -> Iterator[Task]:
    for one in due:
        if one.is_late:
            title = say("desk.due-title", lang, {"table": one.table, "key": one.name})
            yield Task(
                tone="red", clock=one.clock, title=title, meaning=say("desk.due-why", lang, {"day": one.day.isoformat()}),
                verb=say("desk.due-do", lang), link=one.link,
            )  # fmt: skip


def _task(key: str, lang: Lang, values: dict[str, str | int | float], link: str, light: str = "yellow") -> Task:
    return Task(
        tone=light,
        clock=say(f"desk.{key}-clock", lang),
        title=say(f"desk.{key}-title", lang, values),
        meaning=say(f"desk.{key}-why", lang, values),
        verb=say(f"desk.{key}-do", lang),
        link=link,
    )


def _versions(person: Person, lang: Lang, versions: Iterable[Version]) -> Iterator[Task]:
    """Versions put forward by somebody else, for who may publish."""
    if "lead" in rights.actors(person):
        for version in (one for one in versions if one.state == "proposed" and one.proposed_by != person.audit_id):
            values: dict[str, str | int | float] = {"name": version.name, "by": version.proposed_name, "reason": version.reason}
            yield _task("version", lang, values, address("registry:versions"))


def _grants(person: Person, lang: Lang) -> Iterator[Task]:
    """Roles that wait for a second hand."""
    if {"lead", "security"} & rights.actors(person):
        for grant in accounts.may_confirm(accounts.waiting()[:_MOST], person):
            by = grant.proposed_by.name if grant.proposed_by else ""
            values: dict[str, str | int | float] = {"person": grant.person.name, "role": say(f"accounts.role-{grant.role}", lang), "by": by}
            yield _task("grant", lang, values, address("manage:roles"))


def _imports(person: Person, lang: Lang) -> Iterator[Task]:
    """Files this person has brought that are checked and not entered yet."""
    if {"editor", "firm_editor"} & rights.actors(person):
        for batch in Batch.objects.filter(by=person, state="checked")[:_MOST]:
            yield _task("import", lang, {"name": batch.name}, address("registry:imports"))


def _failed(person: Person, lang: Lang) -> Iterator[Task]:
    """Calculations of this person that failed these days."""
    recent = jobs.of(person).filter(state__in=("failed", "cut"), ended__gt=timezone.now() - _RECENT)[:3]
    for job in recent:
        yield Task(
            tone="yellow", clock=job.says(lang)[:40], title=say("desk.failed-title", lang, {"title": job.title}),
            meaning=job.way_out(lang), verb=say("desk.failed-do", lang), link=address("work:runs"),
        )  # fmt: skip


def due(person: Person, lang: Lang) -> list[Due]:
    """Records to be renewed that are late or due soon, the latest first: of a firm its own, of the others those they own."""
    until = timezone.localdate() + _AHEAD
    parts = [_due_of(person, table).filter(next_due__lte=until).annotate(table=Value(table)).order_by() for table in _tables(person)]
    if not parts:
        return []
    rows = [part.values_list("table", "pk", "key", "next_due") for part in parts]
    found = rows[0].union(*rows[1:], all=True).order_by("next_due", "table", "pk")[:_MOST]
    overdue = late(timezone.localdate())
    return [_due(table, record, key, day, lang, overdue) for table, record, key, day in found if day is not None]


def _tables(person: Person) -> Sequence[str]:
    if not {"viewer", "firm"} & rights.actors(person):
        return ()
    return tuple(access.OWN) if person.organisation.is_firm else tuple(MODELS)


def _due_of(person: Person, table: str) -> QuerySet[Record]:
    """Rows of a table whose figures this person's house keeps; what nobody owns is the office's."""
    rows = access.seen(person, table)
    if person.organisation.is_firm:
        return rows
    own = Q(owner=person.organisation)
    return rows.filter(own | Q(owner=None) if person.organisation.kind == "office" else own)


def _due(table: str, record: int, key: str, day: date, lang: Lang, overdue: date) -> Due:
    # What was due on a holiday just past is due today.
    at = day if day <= overdue else max(day, timezone.localdate())
    return Due(
        table=schema.table(table).label(lang), name=key, key=f"{table}-{record}", day=day, tone=tone(at), clock=clock(at, lang),
        link=address("registry:record", table, record), is_late=day <= overdue,
    )  # fmt: skip


def last_visit(person: Person) -> datetime:
    """When this person was here before: the sign-in before this one, or a week ago."""
    before = list(person.sessions.order_by("-started").values_list("seen", flat=True)[1:2])
    return before[0] if before else timezone.now() - _RECENT


def changes(person: Person, since: datetime, lang: Lang) -> list[Change]:
    """What others did to the registers since the last visit, by table; for the office: a firm is told by notices."""
    if "viewer" not in rights.actors(person):
        return []
    found = (
        Revision.objects.filter(at__gt=since)
        .exclude(by=person.audit_id)
        .values("table", "action", "by_name")
        .annotate(count=Count("id"), last=Max("at"))
        .order_by("-last")[:_MOST]
    )
    return [
        Change(
            table=schema.table(row["table"]).label(lang), action=say(f"desk.action-{row['action']}", lang), count=row["count"],
            by=row["by_name"], at=row["last"], link=address("registry:list", row["table"]),
        )
        for row in found
    ]  # fmt: skip


def notices(person: Person, lang: Lang) -> list[tuple[Notice, str]]:
    """What this person was told and has not read, with its sentence."""
    return [(notice, notice.sentence(lang)) for notice in told.of(person).filter(read=None)[:_MOST]]
