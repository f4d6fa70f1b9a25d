"""Rows of the chain as people keep them. Owns: fields of records, of their changes, of imports, snapshots and versions.
Never: writes (actions).

There is one model a table of the contract, made from its schema: a column ``c_NAME`` holds the cell as given, and is what the chain
is computed from; a column ``n_NAME`` beside it holds its number, to sort and filter by. Rows stand in the order of their primary keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from liantu.model import schema
from liantu.model.schema import TableSchema
from liantu.web.accounts.models import Organisation
from liantu.web.registry import cells


class Record(models.Model):
    """A row of a register: its cells, whose it is, of when it is, and how often it was changed."""

    TABLE: ClassVar[str]
    COLUMNS: ClassVar[tuple[str, ...]]
    objects: ClassVar[models.Manager[Any]] = models.Manager()

    key = models.CharField(max_length=cells.KEY_LENGTH)
    search = models.CharField(max_length=cells.SEARCHED)
    # Columns the contract does not know, as JSON; blank for most.
    extra = models.TextField(blank=True)
    owner = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    as_of = models.DateField(null=True, blank=True)
    next_due = models.DateField(null=True, blank=True)
    # Counts the changes: who saves upon an older count has not seen the last one.
    lock = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.TABLE} {self.key}"

    def cell(self, column: str) -> str:
        """A cell as given; blank where it is blank or the contract has no such column."""
        return str(getattr(self, f"c_{column}", ""))

    def cells(self) -> dict[str, str]:
        """All cells by column."""
        return {column: self.cell(column) for column in self.COLUMNS}


def _model(table: TableSchema) -> type[Record]:
    fields: dict[str, object] = {
        "__module__": __name__,
        "__doc__": f"A row of {table.name}.",
        "TABLE": table.name,
        "COLUMNS": tuple(table.columns),
    }
    sorted_ = ["key", "as_of", "next_due"]
    for column in table.columns.values():
        if cells.is_number(column) or not cells.is_sorted(column):
            fields[f"c_{column.name}"] = models.TextField(blank=True)
        else:
            fields[f"c_{column.name}"] = models.CharField(max_length=cells.CELL_LENGTH, blank=True)
            sorted_.append(f"c_{column.name}")
        if cells.is_number(column):
            fields[f"n_{column.name}"] = models.FloatField(null=True, blank=True)
            sorted_.append(f"n_{column.name}")
    # One index each: ``db_index`` would keep two of every text on PostgreSQL, and every row that comes in pays for them. What an
    # organisation owes next, among whatever it owns, the desk asks of every table.
    indexes = [models.Index(fields=[name]) for name in sorted_] + [models.Index(fields=["owner", "next_due"])]
    fields["Meta"] = type("Meta", (), {"verbose_name": table.en, "indexes": indexes})
    return type(f"{table.name.capitalize()}Row", (Record,), fields)


MODELS: Mapping[str, type[Record]] = {name: _model(table) for name, table in schema.tables().items()}


class State(models.Model):
    """How often the registers were changed: one row, locked while the next change is made."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    revision = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.revision)


class Batch(models.Model):
    """A file on its way in: read, its headers matched, checked against the registers, entered or undone."""

    STATES = ("uploaded", "read", "checked", "entered", "undone", "failed")

    name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default="uploaded")
    # What is being done with it, and how far that is.
    job = models.CharField(max_length=64, blank=True)
    # As JSON: tables and their headers, the findings of the reader, the counts of the check.
    said = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)
    entered = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """The bytes of a file on its way in, until it is entered."""

    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="upload")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.batch)


class Line(models.Model):
    """A row of a file on its way in, compared with the registers."""

    STATES = ("wrong", "new", "changed", "unchanged")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="lines")
    table = models.CharField(max_length=32)
    file = models.CharField(max_length=300)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16)
    is_doubtful = models.BooleanField(default=False)
    record = models.BigIntegerField(null=True, blank=True)
    lock = models.PositiveIntegerField(default=0)
    # As JSON: the cells of the file, those of the register that differ, the findings.
    cells = models.TextField()
    before = models.TextField(blank=True)
    findings = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch", "state", "id"])]

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"


class Matching(models.Model):
    """What an organisation's header means, remembered from the last time; a blank column is left out."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=32)
    header = models.CharField(max_length=200)
    column = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "table", "header"], name="one_meaning_a_header")]

    def __str__(self) -> str:
        return f"{self.header} = {self.column}"


class Revision(models.Model):
    """One change of one record, with what it was before: nothing in the registers is ever lost."""

    ACTIONS = ("created", "changed", "retired")

    number = models.PositiveBigIntegerField(db_index=True)
    table = models.CharField(max_length=32)
    record = models.BigIntegerField()
    key = models.CharField(max_length=cells.KEY_LENGTH)
    action = models.CharField(max_length=16)
    # As JSON: all that is kept of the row; blank before it was there and after it has gone.
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    lock = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    batch = models.ForeignKey(Batch, null=True, blank=True, on_delete=models.PROTECT, related_name="revisions")
    undoes = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["table", "record"]), models.Index(fields=["batch", "id"])]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.table} {self.key}"


class Snapshot(models.Model):
    """All registers as they stood at a revision, confidential cells blank; never changed."""

    revision = models.PositiveBigIntegerField(unique=True)
    digest = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField()
    rows = models.TextField()
    made = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.revision} {self.digest[:12]}"


class Version(models.Model):
    """A snapshot put forward by one person and published by another."""

    STATES = ("proposed", "published", "retired")

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=200)
    reason = models.TextField()
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="versions")
    state = models.CharField(max_length=16, default="proposed", db_index=True)
    proposed_by = models.CharField(max_length=64)
    proposed_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(default=timezone.now)
    published_by = models.CharField(max_length=64, blank=True)
    published_name = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
