"""Who sees and writes which records, and which cells of them. Owns: every decision about single records. Never: pages, writes.

A firm sees its own firm, plants, contracts, stakes and projects, and all tables that are nobody's own. Prices of contracts are read by
their parties and by who is named for compliance. A county or park writes what stands on its own sites.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from liantu.model import schema
from liantu.web.accounts.models import Person
from liantu.web.jobs.models import Job
from liantu.web.registry import cells
from liantu.web.registry.models import MODELS, Batch, Record, Revision
from liantu.web.registry.queries import history, image

# Tables whose rows belong to firms, and the columns that name them.
OWN: Mapping[str, tuple[str, ...]] = {
    "firms": ("id",),
    "plants": ("firm",),
    "contracts": ("seller", "buyer"),
    "stakes": ("owner", "firm"),
    "projects": ("firm",),
}
# What a firm writes of its own; and the column that says on which site a row stands.
WRITTEN_BY_FIRMS = frozenset({"firms", "plants", "contracts", "stakes"})
PLACED: Mapping[str, str] = {
    "sites": "id",
    "firms": "site",
    "plants": "site",
    "projects": "site",
    "markets": "site",
    "demands": "site",
    "deposits": "site",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What a person may do with one record; ``masked`` columns are neither shown nor written."""

    edit: bool
    masked: frozenset[str]


def seen(person: Person, table: str) -> QuerySet[Record]:
    """The rows of a table this person sees."""
    rows = MODELS[table].objects.all()
    if not person.organisation.is_firm or table not in OWN:
        return rows
    mine = Q()
    for column in OWN[table]:
        mine |= Q(**{f"c_{column}": person.organisation.key})
    return rows.filter(mine) if person.organisation.key else rows.none()


def sees(person: Person, table: str, row: Mapping[str, str]) -> bool:
    """Whether this person sees a row with these cells, of a record that may be gone."""
    if not person.organisation.is_firm or table not in OWN:
        return True
    return bool(person.organisation.key) and any(row.get(column) == person.organisation.key for column in OWN[table])


def masked(person: Person, table: str) -> frozenset[str]:
    """Columns this person does not read in the rows seen: not in lists, sorts, filters, exports, histories or searches."""
    is_party = person.organisation.is_firm
    return frozenset() if is_party or "compliance" in person.roles else cells.confidential(table)


def sites(person: Person) -> frozenset[str]:
    """The sites of a county or park: its own and those that lie in it."""
    own = {person.organisation.key} - {""}
    tree = MODELS["sites"].objects.values_list("c_id", "c_parent")
    below = list(tree)
    grown = True
    while grown:
        lying = {site for site, parent in below if parent in own} - own
        own |= lying
        grown = bool(lying)
    return frozenset(own)


def may_add(person: Person, table: str) -> bool:
    """Whether there can be a row of this table that this person may write."""
    kind = person.organisation.kind
    if "editor" not in person.roles or table not in schema.tables():
        return False
    return kind == "office" or table in (WRITTEN_BY_FIRMS if kind == "firm" else PLACED)


def may_write(person: Person, table: str, *rows: Mapping[str, str]) -> bool:
    """Whether this person may write rows with these cells: those it was, and those it shall be."""
    return writer(person, table)(*rows)


def writer(person: Person, table: str) -> Callable[..., bool]:
    """What tells whether this person may write a row: for many rows of a table, asked for once."""
    if not may_add(person, table):
        return lambda *_: False
    if person.organisation.kind == "office":
        return lambda *_: True
    if person.organisation.is_firm:
        return lambda *rows: all(sees(person, table, row) for row in rows)
    own, column = sites(person), PLACED[table]
    return lambda *rows: all(row.get(column, "") in own for row in rows)


def may_name(person: Person, table: str, row: Mapping[str, str]) -> bool:
    """Whether this person may give a new row this id: a firm's begin with its own, so that none tells it which ids others have."""
    if not person.organisation.is_firm or "id" not in schema.table(table).columns:
        return True
    own, given = person.organisation.key, row.get("id", "")
    return bool(own) and (given == own if table == "firms" else given.startswith(f"{own}-"))


def record_for(person: Person, table: str, record: int) -> tuple[Record, Rights]:
    """A record and what this person may do with it.

    Raises
    ------
    Http404
        If there is no such record, or none this person sees: nothing tells the one from the other.
    """
    if table not in MODELS:
        raise Http404
    found = seen(person, table).select_related("owner").filter(pk=record).first()
    if found is None:
        raise Http404
    return found, Rights(edit=may_write(person, table, found.cells()), masked=masked(person, table))


def table_for(table: str) -> type[Record]:
    """The model of a table that an address names.

    Raises
    ------
    Http404
        If the contract has no such table.
    """
    if table not in MODELS:
        raise Http404
    return MODELS[table]


def revision_for(person: Person, table: str, record: int, revision: int) -> Revision:
    """A change of a record this person sees.

    Raises
    ------
    Http404
        As `record_for`.
    """
    found = Revision.objects.filter(pk=revision, table=table, record=record).first()
    if found is None or not _saw(person, found):
        raise Http404
    return found


def undoable(person: Person, table: str, record: int, revision: int) -> Revision:
    """A change of a record that this person may take back: of what it was, and of what it will be again.

    Raises
    ------
    Http404, PermissionDenied
        As `revision_for`, and if they may not write both.
    """
    found = revision_for(person, table, record, revision)
    rows = (image(text).cells for text in (found.before, found.after))
    if not may_write(person, table, *filter(None, rows)):
        raise PermissionDenied
    return found


def history_for(person: Person, table: str, record: int) -> list[Revision]:
    """The last changes of a record this person sees, or saw when it was retired, the newest first.

    Raises
    ------
    Http404
        As `record_for`.
    """
    table_for(table)
    if not seen(person, table).filter(pk=record).exists():
        # One short question, whether it is somebody else's or nobody's: what takes longer would tell the one from the other.
        last = Revision.objects.filter(table=table, record=record).order_by("-id").first()
        if last is None or last.action != "retired" or not _saw(person, last):
            raise Http404
    return changes_for(person, table, record)


def changes_for(person: Person, table: str, record: int) -> list[Revision]:
    """The last changes of a record, of those in which it was this person's to see, before and after: it may have been another firm's."""
    return [one for one in history(table, record) if _saw(person, one)]


def _saw(person: Person, revision: Revision) -> bool:
    return all(sees(person, revision.table, image(text).cells) for text in (revision.before, revision.after) if text)


def batch_for(person: Person, number: int) -> tuple[Batch, Job | None]:
    """A file on its way in, for who sent it, and the job that works on it.

    Raises
    ------
    Http404
        If there is none, or somebody else sent it: it may hold what only they read.
    """
    found = Batch.objects.select_related("by__organisation", "organisation").filter(pk=number, by=person).first()
    if found is None:
        raise Http404
    return found, Job.objects.filter(pk=int(found.job)).first() if found.job else None
