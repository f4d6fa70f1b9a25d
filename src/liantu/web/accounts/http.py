"""The request as every view knows it. Owns: Request. Never: reading it."""

from __future__ import annotations

from liantu.web.accounts.models import Person
from liantu.web.kit.http import Spoken


class Request(Spoken):
    """A request with the person who asks. For annotations only; a visitor's has Django's anonymous user."""

    user: Person
