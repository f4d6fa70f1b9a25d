"""The database as a file, and back. Owns: both databases' own ways to do so, the head of the trail in it. Never: archives."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from liantu.errors import CallError, InputError

NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
Head = tuple[int, str]
_HEAD = "SELECT seq, digest FROM audit_head WHERE id = 1"
_EVENT = "SELECT digest FROM audit_event WHERE seq = %s"


def engine() -> str:
    """``sqlite`` or ``postgresql``."""
    return connection.vendor


def name() -> str:
    """The part of an archive that holds this kind of database."""
    return NAMES[engine()]


def write(path: Path) -> Head:
    """Write the database as it stands; writers go on meanwhile. Gives back the head of the trail that is in it.

    Raises
    ------
    CallError
        ``backup-empty`` if there is none yet, ``postgres-tools``, ``postgres-failed``.
    """
    if is_empty():
        raise CallError("backup-empty")
    if engine() == "sqlite":
        with closing(sqlite3.connect(path)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
            return _head(copy.execute(_HEAD).fetchone())
    # Read first: what is dumped afterwards has at least this event.
    with connection.cursor() as cursor:
        cursor.execute(_HEAD)
        head = _head(cursor.fetchone())
    _postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
    return head


def _head(row: tuple[int, str] | None) -> Head:
    return (int(row[0]), str(row[1])) if row else (0, "")


def is_empty() -> bool:
    """Whether nothing has been kept in the database yet."""
    path = Path(str(connection.settings_dict["NAME"]))
    if engine() == "sqlite" and not path.exists():
        return True
    return not connection.introspection.table_names()


def restore(path: Path, head: Head) -> None:
    """Put a database back, once it was seen to be whole and to hold the head that the manifest names.

    Raises
    ------
    InputError
        ``backup-broken``; nothing is put back then, or, of PostgreSQL, nothing is kept.
    """
    if engine() == "sqlite":
        _whole(path, head)
        target = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.replace(target)
        return
    _postgres(
        "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={_database()}", str(path)
    )
    with connection.cursor() as cursor:
        cursor.execute(_EVENT, [head[0]])
        _same(cursor.fetchone(), head)


def _whole(path: Path, head: Head) -> None:
    try:
        with closing(sqlite3.connect(path)) as copy:
            state = copy.execute("PRAGMA integrity_check").fetchone()[0]
            found = copy.execute(_EVENT.replace("%s", "?"), [head[0]]).fetchone()
    except sqlite3.DatabaseError:
        raise InputError("backup-broken", {"path": path.name, "part": "integrity_check"}) from None
    if state != "ok":
        raise InputError("backup-broken", {"path": path.name, "part": "integrity_check"})
    _same(found, head)


def _same(found: tuple[str] | None, head: Head) -> None:
    if (found[0] if found else "") != head[1]:
        raise InputError("backup-broken", {"path": "audit", "part": str(head[0])})


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _postgres(program: str, *options: str) -> None:
    """Run one of PostgreSQL's own programs; the password goes by the environment, where no list of processes shows it."""
    found = shutil.which(program) or next((str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))), None)
    if found is None:
        raise CallError("postgres-tools", {"program": program})
    of = connection.settings_dict
    host = of["HOST"] or of["OPTIONS"].get("host", "")
    settings = {"PGDATABASE": of["NAME"], "PGHOST": host, "PGPORT": of["PORT"], "PGUSER": of["USER"], "PGPASSWORD": of["PASSWORD"]}
    environment = {**os.environ, **{key: str(value) for key, value in settings.items() if value}}
    done = subprocess.run([found, *options], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CallError("postgres-failed", {"program": program, "reason": (done.stderr.strip().splitlines() or ["?"])[-1][:200]})
