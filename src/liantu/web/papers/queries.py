"""What pages read of reports. Owns: these queries. Never: writes."""

from __future__ import annotations

from django.db.models import QuerySet

from liantu.web.accounts.models import Person
from liantu.web.papers.access import readable
from liantu.web.papers.models import File, Paper

TYPES = {
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def papers(person: Person) -> QuerySet[Paper]:
    """Reports with all a list shows."""
    return readable(person).select_related("asked_by", "version", "scenario", "job")


def forms_of(paper: Paper) -> list[File]:
    """The files of a report, without their bytes."""
    return list(paper.files.defer("content"))
