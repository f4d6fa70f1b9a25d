"""What is asked about runs and scenarios. Owns: reading them and their answers. Never: writing, rights (access)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from liantu.web.accounts.models import Person
from liantu.web.registry.models import Version
from liantu.web.work import access, questions
from liantu.web.work.context import Asked
from liantu.web.work.models import Run
from liantu.words import Lang

_LIGHT = ("zh", "en", "snapshot__content")


def question_of(verb: str, asked: Asked, options: questions.Options) -> dict[str, Any]:
    """All that is asked, as it is stored: the scenario's changes as they are now.

    Raises
    ------
    CallError
        ``question-verb``, ``question-option``.
    """
    question: dict[str, Any] = {"year": asked.year, "options": questions.settled(verb, options)}
    if asked.scenario:
        question |= {"scenario": asked.scenario.code, "changes": asked.scenario.changes}
    return question


def stored(verb: str, asked: Asked, options: questions.Options | None = None, *, person: Person) -> Run | None:
    """The run of this question on these data, answered or under way; None if it was never asked. Reads only: for pages.

    Answer it with `answer`, or let the page ask by POST to ``work:ask``.
    """
    if asked.snapshot is None:
        return None
    key = questions.key(asked.snapshot.digest, verb, question_of(verb, asked, options or {}))
    found = Run.objects.filter(key=key).select_related("job", "scenario", "snapshot", "asked_by").defer(*_LIGHT).first()
    return found if found is not None and access.may_read(person, found) else None


def answer(run: Run, lang: Lang) -> Mapping[str, Any]:
    """The answer of a run: of a verb what ``--json`` prints, of an overview ``page`` and ``findings``. Not to be changed by its reader.

    Raises
    ------
    LookupError
        If there is no answer yet: see `Run.is_answered`.
    """
    return _answer(run.key, lang)


@lru_cache(maxsize=32)
def _answer(key: str, lang: Lang) -> Mapping[str, Any]:
    """Kept by key: an answer never changes."""
    from liantu.web.work.answers import unpacked

    stored = Run.objects.filter(key=key).values_list(lang, flat=True).first()
    if stored is None:
        raise LookupError(key)
    return unpacked(bytes(stored))


def version_of(run: Run) -> Version | None:
    """The version a run speaks of; None for a draft."""
    return Version.objects.filter(snapshot=run.snapshot_id).order_by("-number").first()
