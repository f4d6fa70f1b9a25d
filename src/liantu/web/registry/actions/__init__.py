"""What is done to the registers: the only place that writes them. Owns: one function an act, one transaction and one event each."""

from liantu.web.registry.actions.records import ConflictError, Kept, change, create, load, retire, tell_export, undo
from liantu.web.registry.actions.versions import propose, publish, snapshot, withdraw

__all__ = [
    "ConflictError", "Kept", "change", "create", "load", "propose", "publish", "retire", "snapshot", "tell_export", "undo", "withdraw",
]  # fmt: skip
