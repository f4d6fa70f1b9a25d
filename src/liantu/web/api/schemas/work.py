"""Scenarios, runs, reports, jobs as types. Owns: what these operations take and give. Never: reading, writing."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema
from pydantic import ConfigDict

from liantu.web.api.schemas.parts import Number, ReasonIn, Text, WhyIn


class ScenarioOut(Schema):
    """Changes over the chain under a name."""

    id: int
    code: str
    name: str
    reason: str
    changes: list[dict[str, str]]
    owner: str
    is_shared: bool
    is_retired: bool
    lock: int


class ChangeIn(Schema):
    """One change, as the contract's table ``scenarios`` has it."""

    table: Text = Field("", max_length=64)
    rows: Text = Field("", max_length=400)
    column: Text = Field("", max_length=64)
    operation: Text = Field("set", max_length=10)
    value: Text = Field("", max_length=200)
    unit: Text = Field("", max_length=32)
    reason: Text = Field("", max_length=2000)


class ScenarioIn(WhyIn):
    """A scenario to open or change; ``branch_of`` another's number."""

    name: Text = Field(min_length=1, max_length=100)
    changes: list[ChangeIn] = Field(default_factory=list, max_length=500)
    branch_of: int | None = Field(None, ge=0, le=2**31)
    lock: int | None = Field(None, ge=0, le=2**31)


class ShareIn(ReasonIn):
    """Show a scenario to the office, or to its owner alone again."""

    shared: bool = True


class OptionsIn(Schema):
    """Options of the verbs of planning, as on the pages; each verb says which it takes."""

    model_config = ConfigDict(extra="forbid")
    demand: dict[Text, Text | Number] = Field(default_factory=dict, max_length=500)
    buy: list[Text] = Field(default_factory=list, max_length=500)
    first: int | None = Field(None, ge=1990, le=2200)
    last: int | None = Field(None, ge=1990, le=2200)
    rate: Number | None = None
    budget: Number | None = None
    capital: Number | None = None
    blocks: bool = False
    make: bool = False
    stages: list[Text] = Field(default_factory=list, max_length=500)
    sites: list[Text] = Field(default_factory=list, max_length=500)
    zone: Text = Field("", max_length=200)
    fix: list[Text] = Field(default_factory=list, max_length=500)
    forbid: list[Text] = Field(default_factory=list, max_length=500)
    targets: list[Text] = Field(default_factory=list, max_length=500)


class RunIn(Schema):
    """A question: verb, year, scenario and version (``draft`` or a number), options of the verb."""

    verb: Text = Field(max_length=20)
    year: int | None = Field(None, ge=1990, le=2100)
    scenario: Text = Field("base", max_length=20)
    version: Text = Field("", max_length=12)
    options: OptionsIn | None = None


class RunOut(Schema):
    """A question and how far its answer is."""

    id: int
    verb: str
    year: int | None
    scenario: str
    state: str
    progress: float
    said: str
    digest: str
    is_ok: bool
    errors: int
    warnings: int
    job: int | None


class RunsOut(Schema):
    """A page of runs."""

    total: int
    offset: int
    rows: list[RunOut]


class DifferenceOut(Schema):
    """One figure in two answers."""

    figure: str
    item: str
    unit: str
    left: float
    right: float


class AgainstOut(Schema):
    """Two answers to one verb: figures that differ (the first hundred of ``total``), links whose state differs."""

    is_same_verb: bool
    are_answered: bool
    total: int
    differences: list[DifferenceOut]
    states: dict[str, tuple[str, str]]


class StoredOut(Schema):
    """The stored answer of a question: ``run`` is none where nobody asked it yet; ``earlier`` names the run an older answer is from."""

    run: int | None
    earlier: int | None
    told: dict[str, Any]


class JobOut(Schema):
    """Something computed in the background, and how far it is."""

    id: int
    kind: str
    title: str
    state: str
    progress: float
    said: str
    log: list[str]


class PaperOut(Schema):
    """A report: its files are there once its conclusion is."""

    id: int
    title: str
    year: int
    lang: str
    conclusion: str
    digest: str
    approved_by: str
    forms: list[str]
    job: int | None
    state: str


class PaperIn(Schema):
    """A report to make."""

    title: Text = Field(min_length=1, max_length=200)
    year: int | None = Field(None, ge=1990, le=2100)
    scenario: Text = Field("base", max_length=20)
    version: Text = Field("", max_length=12)
    lang: Text = Field("zh", pattern="^(zh|en)$")
    first: int | None = Field(None, ge=1990, le=2100)
    last: int | None = Field(None, ge=1990, le=2100)
