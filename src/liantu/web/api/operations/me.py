"""Who asks. Owns: this operation. Never: changing it."""

from __future__ import annotations

from ninja import Router

from liantu.web.api.bearer import Signed
from liantu.web.api.models import SCOPES
from liantu.web.api.schemas import MeOut
from liantu.web.api.signed import answers

router = Router(tags=["me"])


@router.get("/me", response=answers(200, MeOut), url_name="me", summary="Who asks, and what they may")
def me(request: Signed) -> MeOut:
    """The person of the token or the session."""
    person = request.user
    return MeOut(
        username=person.username,
        name=person.name,
        organisation=person.organisation.code,
        kind=person.organisation.kind,
        roles=sorted(person.roles),
        scopes=request.token.scopes.split() if request.token else list(SCOPES),
    )
