"""What the database itself refuses. Owns: the triggers that let events only be added, one behind the other. Never: checking (chain).

They stop a mistake and an attacker who has the program's rights only; whoever owns the database can drop them. That is what the
chain of hashes and its anchors are for.
"""

from __future__ import annotations

_NO_CHANGE = "events are only added"
_NO_GAP = "an event follows the last"
_NEXT = "(SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_event)"

_SQLITE = {
    "audit_event_kept": f"BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, '{_NO_CHANGE}'); END",
    "audit_event_stays": f"BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, '{_NO_CHANGE}'); END",
    # INSERT OR REPLACE would delete without asking the trigger above.
    "audit_event_follows": f"BEFORE INSERT ON audit_event WHEN NEW.seq <> {_NEXT} BEGIN SELECT RAISE(ABORT, '{_NO_GAP}'); END",
}
_POSTGRESQL = {
    "audit_event_kept": "BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "audit_event_stays": "BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "audit_event_follows": "BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_follow()",
}
_FUNCTION = "CREATE OR REPLACE FUNCTION {} RETURNS trigger AS $$ BEGIN {} END $$ LANGUAGE plpgsql"
_FUNCTIONS = (
    _FUNCTION.format("audit_refuse()", f"RAISE EXCEPTION '{_NO_CHANGE}';"),
    _FUNCTION.format("audit_follow()", f"IF NEW.seq <> {_NEXT} THEN RAISE EXCEPTION '{_NO_GAP}'; END IF; RETURN NEW;"),
)


def setting(vendor: str) -> list[str]:
    """The statements that set the triggers."""
    if vendor == "sqlite":
        return [f"CREATE TRIGGER {name} {rule}" for name, rule in _SQLITE.items()]
    return [*_FUNCTIONS, *(f"CREATE TRIGGER {name} {rule}" for name, rule in _POSTGRESQL.items())]


def dropping(vendor: str) -> list[str]:
    """The statements that take them away: for moving a database back a version, and for tests that play the attacker."""
    where = "" if vendor == "sqlite" else " ON audit_event"
    return [f"DROP TRIGGER IF EXISTS {name}{where}" for name in _SQLITE]
