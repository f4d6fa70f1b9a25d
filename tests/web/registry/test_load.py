"""The first load: a folder and the database say the same."""

from __future__ import annotations

import pytest

from liantu import runs
from liantu.errors import CallError
from liantu.web.audit.actions import System
from liantu.web.registry import actions, queries

pytestmark = pytest.mark.django_db


def test_a_package_and_the_registers_filled_from_it_have_one_digest() -> None:
    actions.load("chenzhou", System())

    assert runs.gather("chenzhou").digest() == queries.tables().digest()
    published = queries.published()
    assert published is not None and published.snapshot.digest == queries.content(published.snapshot).digest() == queries.tables().digest()


def test_the_registers_answer_as_the_package_does() -> None:
    actions.load("chenzhou", System())

    whole, ours = (
        runs.run("require", "chenzhou", demand={"cell_lfp": "1 GWh"}),
        runs.run("require", queries.tables(), demand={"cell_lfp": "1 GWh"}),
    )

    assert whole.ok and whole.digest == ours.digest
    assert whole.result["activities"].columns["activity"].tolist() == ours.result["activities"].columns["activity"].tolist()


def test_registers_that_hold_rows_are_not_loaded_over() -> None:
    actions.load("reference", System())

    with pytest.raises(CallError) as refused:
        actions.load("chenzhou", System())
    assert "registers-filled" == refused.value.code
