"""What is asked about runs and scenarios. Owns: reading them and their answers. Never: writing, rights (access)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from liantu.web.accounts.models import Person
from liantu.web.registry import queries as registers
from liantu.web.registry.models import Snapshot, Version
from liantu.web.work import access, questions
from liantu.web.work.context import Asked
from liantu.web.work.models import Run, Scenario
from liantu.words import Lang

_LIGHT = ("zh", "en")
_OTHERS = 20


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
    found = (
        Run.objects.filter(key=key).select_related("job", "scenario", "snapshot", "asked_by").defer(*_LIGHT, "snapshot__content").first()
    )
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


def parts(run: Run) -> dict[str, Run]:
    """The answers an overview was put together from, by verb; each may have been asked before it, alone."""
    from liantu.web.work.answers import PARTS

    takes = run.question.get("options", {})
    keys = {}
    for verb in (*PARTS, "plan"):
        wanted = {name: value for name, value in takes.items() if verb in {"require", "plan"} and name in questions.OPTIONS[verb]}
        keys[questions.key(run.snapshot.digest, verb, {**run.question, "options": wanted})] = verb
    found = Run.objects.filter(key__in=keys, computed__isnull=False).defer(*_LIGHT)
    return {keys[one.key]: one for one in found}


def comparable(run: Run, person: Person) -> list[Run]:
    """Other answers to the same verb, the newest first."""
    rows = access.readable(person).filter(verb=run.verb, computed__isnull=False).exclude(pk=run.pk)
    return list(rows.select_related("scenario").defer(*_LIGHT).order_by("-pk")[:_OTHERS])


def names(snapshot: Snapshot) -> Mapping[str, tuple[str, str]]:
    """Id → its names in English and Chinese, as the registers stood."""
    return _names(snapshot.digest, snapshot.pk)


@lru_cache(maxsize=8)
def _names(_digest: str, number: int) -> Mapping[str, tuple[str, str]]:
    """Kept by digest: a snapshot never changes."""
    whole = registers.content(Snapshot.objects.get(pk=number))
    found: dict[str, tuple[str, str]] = {}
    for name in ("plants", "sites", "firms", "processes", "materials"):
        if table := whole.get(name):
            found |= {one: (en, zh) for one, en, zh in zip(*(table.column(column) for column in ("id", "name_en", "name_zh")), strict=True)}
    if table := whole.get("plants"):
        for one, *of in zip(*(table.column(column) for column in ("id", "firm", "process")), strict=True):
            if not any(found[one]):
                # A plant without a name is called by its firm and what it runs, as in its register.
                parts_of = [found[part] for part in of if part in found]
                found[one] = " · ".join(en or zh for en, zh in parts_of), " · ".join(zh or en for en, zh in parts_of)
    return found


class Findings(list[list[Mapping[str, Any]]]):
    """Findings of a check by the change they speak of; ``rest`` are those of the chain itself."""

    rest: list[Mapping[str, Any]]


def findings_by_change(found: Iterable[Mapping[str, Any]], changes: int) -> Findings:
    """A change's line is its number: see `questions.with_scenario`."""
    sorted_ = Findings([] for _ in range(changes))
    sorted_.rest = []
    for one in found:
        row = one["row"]
        if one["file"] == "scenarios" and isinstance(row, int) and 1 <= row <= changes:
            sorted_[row - 1].append(one)
        elif one["level"] == "error":
            sorted_.rest.append(one)
    return sorted_


def runs_of(scenario: Scenario) -> list[Run]:
    """What was asked under a scenario, the newest first."""
    rows = Run.objects.filter(scenario=scenario, part_of=None).exclude(verb="check").select_related("job")
    return list(rows.defer(*_LIGHT).order_by("-pk")[:_OTHERS])
