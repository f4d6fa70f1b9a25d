"""What is done to organisations, people, roles, and by those who sign in. Owns: every write to them. Never: forms, pages."""

from liantu.web.accounts.actions.people import (
    change_organisation,
    change_person,
    open_organisation,
    open_person,
    reset_password,
    switch_organisation,
    switch_person,
)
from liantu.web.accounts.actions.roles import (
    confirm_role,
    end_role,
    give_role,
    is_guarded,
    may_accept,
    may_confirm,
    propose_role,
    refuse_role,
    review_role,
)

__all__ = [
    "change_organisation",
    "change_person",
    "confirm_role",
    "end_role",
    "give_role",
    "is_guarded",
    "may_accept",
    "may_confirm",
    "open_organisation",
    "open_person",
    "propose_role",
    "refuse_role",
    "reset_password",
    "review_role",
    "switch_organisation",
    "switch_person",
]
