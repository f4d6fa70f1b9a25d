"""What is done to the registers: the only place that writes them. Owns: one function an act, one transaction and one event each."""

from liantu.web.registry.actions.imports import discard, enter, keep_check, keep_reading, match, prepared, refuse, take, undo_batch, working
from liantu.web.registry.actions.records import ConflictError, Kept, change, create, load, retire, tell_export, undo
from liantu.web.registry.actions.versions import propose, publish, snapshot, withdraw

__all__ = [
    "ConflictError", "Kept", "change", "create", "discard", "enter", "keep_check", "keep_reading", "load", "match", "prepared", "propose",
    "publish", "refuse", "retire", "snapshot", "take", "tell_export", "undo", "undo_batch", "withdraw", "working",
]  # fmt: skip
