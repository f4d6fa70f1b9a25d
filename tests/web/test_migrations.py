"""The database's fields and the program's are the same."""

from __future__ import annotations

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_every_field_of_a_model_is_in_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
