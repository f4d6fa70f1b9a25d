"""What a page is about: year, scenario, version, all from the address. Owns: Asked and its choices. Never: answers, computing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet

from liantu.web.accounts.http import Request
from liantu.web.accounts.models import Person
from liantu.web.jobs.models import Job
from liantu.web.registry import queries as registers
from liantu.web.registry.models import Snapshot, Version
from liantu.web.work import access
from liantu.web.work.models import BASE, Scenario

_BEFORE, _AFTER = 1, 5
_EARLIEST, _LATEST = 1990, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Year, scenario and version a page speaks of, and what else there is to choose.

    Attributes
    ----------
    version : Version or None
        None is the draft: the registers as they stand.
    snapshot : Snapshot or None
        The state of the registers; None if of the draft no snapshot was made yet (`work.actions.ask` makes it).
    scenario : Scenario or None
        None is the chain as it is.
    years, scenarios, versions :
        The choices of the three pills.
    """

    year: int
    scenario: Scenario | None
    version: Version | None
    snapshot: Snapshot | None
    years: tuple[int, ...]
    scenarios: tuple[Scenario, ...]
    versions: tuple[Version, ...]
    may_draft: bool

    @property
    def query(self) -> dict[str, object]:
        """What the address says: ``url("chain:map", **asked.query)``; each page links to the others with it."""
        return {"year": self.year, "scenario": self.scenario_code, "version": self.version_code}

    @property
    def is_underway(self) -> bool:
        """Whether the worker is computing every year of a version by itself: after the first start, after one was published."""
        alone = self.version is not None and self.scenario is None
        return alone and Job.objects.filter(kind="precompute", state__in=("queued", "running")).exists()

    @property
    def scenario_code(self) -> str:
        """``base`` or the code of a scenario."""
        return self.scenario.code if self.scenario else BASE

    @property
    def version_code(self) -> str:
        """``draft`` or a number."""
        return str(self.version.number) if self.version else "draft"


def asked(request: Request) -> Asked:
    """What the address asks for; what it does not say, or says wrongly, is the default: published version, its year, the chain as it is."""
    query = request.POST if request.method == "POST" else request.GET
    return settled(request.user, year=query.get("year", ""), scenario=query.get("scenario", ""), version=query.get("version", ""))


def settled(person: Person, *, year: str = "", scenario: str = "", version: str = "") -> Asked:
    """The same from plain words, for the API and for jobs."""
    in_office = access.sees_all(person)
    versions = tuple(_versions()) if in_office else ()
    chosen = _version(version, versions) if in_office else registers.published()
    is_draft = in_office and (version == "draft" or chosen is None)
    snapshot = registers.draft() if is_draft else chosen.snapshot if chosen else None
    scenarios = tuple(access.scenarios(person))
    first = year_of(snapshot or _any_snapshot())
    years = tuple(range(first - _BEFORE, first + _AFTER + 1))
    wanted = int(year) if year.isdecimal() and len(year) == 4 else first
    return Asked(
        year=wanted if _EARLIEST <= wanted <= _LATEST else first,
        scenario=next((one for one in scenarios if one.code == scenario), None),
        version=None if is_draft else chosen,
        snapshot=snapshot,
        years=years if wanted in years else tuple(sorted({*years, wanted})),
        scenarios=scenarios,
        versions=versions,
        may_draft=in_office,
    )


def _versions() -> QuerySet[Version]:
    return Version.objects.exclude(state="withdrawn").select_related("snapshot").defer("snapshot__content").order_by("-number")


def _version(wanted: str, versions: tuple[Version, ...]) -> Version | None:
    named = next((one for one in versions if str(one.number) == wanted), None)
    return named or next((one for one in versions if one.state == "published"), None)


def _any_snapshot() -> Snapshot | None:
    return Snapshot.objects.defer("content").order_by("-pk").first()


def year_of(snapshot: Snapshot | None) -> int:
    """The year the registers name as their own, else the last in which a plant started."""
    return _year(snapshot.digest, snapshot.pk) if snapshot else _EARLIEST


@lru_cache(maxsize=64)
def _year(_digest: str, number: int) -> int:
    """Kept by digest: a snapshot never changes."""
    tables = registers.content(Snapshot.objects.get(pk=number))
    named = tables.setting("year")
    plants = tables.get("plants")
    started = [int(cell[:4]) for cell in (plants.column("start") if plants else ()) if cell[:4].isdecimal()]
    return int(named) if named.isdecimal() else max(started, default=_EARLIEST)
