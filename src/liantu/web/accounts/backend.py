"""Who a session belongs to. Owns: reading that person with one query. Never: whether a password is right (signing_in)."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from liantu.web.accounts.models import Person


class Backend(BaseBackend):
    """People of the database, as long as they and their organisation may sign in."""

    def get_user(self, user_id: int) -> Person | None:
        """The person with their organisation: every request asks for both."""
        return Person.objects.select_related("organisation").filter(pk=user_id, is_active=True, organisation__is_active=True).first()
