"""What the environment says. Owns: names, types and defaults of the variables. Never: what they are used for.

Every variable may be given as ``NAME_FILE`` instead, the path of a file that holds the value.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from liantu.errors import CallError

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_KEY_LENGTH = 50


def text(name: str, default: str = "") -> str:
    """A variable, or what the file named by ``NAME_FILE`` holds.

    Raises
    ------
    CallError
        ``env-file`` if that cannot be read.
    """
    path = os.environ.get(f"{name}_FILE")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else os.environ.get(name, default)
    except (OSError, ValueError):
        raise CallError("env-file", {"name": f"{name}_FILE", "path": str(path)}) from None


def switch(name: str, *, default: bool) -> bool:
    """A variable that is on or off.

    Raises
    ------
    CallError
        ``env-switch`` if it is neither.
    """
    value = text(name).strip().lower()
    if value and value not in _TRUE | _FALSE:
        raise CallError("env-switch", {"name": name, "value": value})
    return value in _TRUE if value else default


def choice(name: str, choices: Sequence[str]) -> str:
    """A variable that is one of several words, the first where nothing is said.

    Raises
    ------
    CallError
        ``env-choice`` if it is another.
    """
    value = text(name).strip().lower() or choices[0]
    if value not in choices:
        raise CallError("env-choice", {"name": name, "value": value, "choices": ", ".join(choices)})
    return value


def home() -> Path:
    """The folder of the workbench: database, keys, files; made for its owner alone.

    Raises
    ------
    CallError
        ``env-home`` if nothing can be written there.
    """
    folder = Path(text("LIANTU_HOME") or Path.home() / ".local" / "share" / "liantu").expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _no_home(folder, error) from None
    return folder


def _no_home(folder: Path, error: OSError) -> CallError:
    return CallError("env-home", {"path": str(folder), "reason": error.strerror or str(error)})


def key(name: str) -> str:
    """A secret of the workbench, made at first use and kept in its folder for its owner alone.

    Raises
    ------
    CallError
        ``env-home`` if nothing can be written there.
    """
    given = text(f"LIANTU_{name.upper()}")
    path = home() / f"{name}.key"
    if given:
        return given
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise _no_home(path.parent, error) from None
    made = secrets.token_urlsafe(_KEY_LENGTH)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made)
    return made


def database() -> dict[str, object]:
    """Django's settings of the database that ``DATABASE_URL`` names; the embedded one in the workbench's folder if it names none.

    Raises
    ------
    CallError
        ``env-database`` if the address is neither ``sqlite:///…`` nor ``postgres://…``, ``env-address`` if it is no address.
    """
    url = text("DATABASE_URL")
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:
        raise CallError("env-address") from None
    if not url or parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)) if url else home() / "liantu.sqlite3")
    if parts.scheme not in {"postgres", "postgresql"}:
        raise CallError("env-database", {"value": parts.scheme or url})
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            # Readers are never blocked, a writer waits its turn, and what was acknowledged survives a power cut.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA cache_size=-32000",
        },
    }
