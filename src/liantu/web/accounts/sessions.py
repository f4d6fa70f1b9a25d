"""Where sessions are kept. Owns: when one ends by itself, whose it is, when it was last used. Never: signing in.

A session ends thirty minutes after it was last used and twelve hours after it began, whatever is done in between.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from liantu.web.accounts.models import Session
from liantu.web.kit import trace

_SEEN_EVERY = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Sessions of people, one row each."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The rows."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # Django's, not in its stubs
        idle = timedelta(seconds=settings.SESSION_IDLE_AGE)
        if found and found.seen <= timezone.now() - idle:
            self._session_key, found = None, None
        self.row = found
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to write: it keeps its beginning, and with it its end."""
        made = cast(Session, super().create_model_instance(data))
        started = self.row.started if self.row and self.row.session_key == made.session_key else timezone.now()
        made.person_id, made.started = data.get(SESSION_KEY), started
        made.expire_date = started + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        where = trace.current()
        made.address, made.browser = where.address, where.browser
        return made

    def used(self) -> None:
        """Note the use, at most once a minute: reading a page must not become a write."""
        now = timezone.now()
        if self.row and now - self.row.seen > _SEEN_EVERY:
            Session.objects.filter(pk=self.row.pk).update(seen=now)
