"""A backup as one file. Owns: what is in it, its seal, putting it back. Never: when one is made, the keys.

It is a zip whose comment is the SHA-256 of every byte before it; inside, a manifest names each part with its own. The keys of the
workbench are not in it, so that who finds a backup has the data but can neither forge a session nor an anchor.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from liantu import __version__
from liantu.errors import CallError, InputError
from liantu.web.config import dumps

MANIFEST = "manifest.json"
_SEAL = 64
_NAME = re.compile(r"files/[\w.-]+(?:/[\w.-]+)*\Z")
# What is never put into an archive, nor taken out of one: keys and databases.
_OWN = re.compile(r"\.key\Z|\.sqlite3(-\w+)?\Z", re.IGNORECASE)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was written or put back: its parts, its bytes, the audit event it reaches to."""

    files: int
    bytes: int
    events: int


def write(path: Path, home: Path) -> Made:
    """Write a backup, whole or not at all; the workbench may run meanwhile.

    Raises
    ------
    CallError
        ``backup-exists``, or what `dumps` says of the database.
    """
    if path.exists():
        raise CallError("backup-exists", {"path": str(path)})
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".liantu-") as folder:
        draft, dump = Path(folder) / "backup.zip", Path(folder) / dumps.name()
        head = dumps.write(dump)
        parts = {dumps.name(): dump, **{f"files/{file.relative_to(home).as_posix()}": file for file in _files(home)}}
        manifest = {
            "liantu": __version__, "made": datetime.now(UTC).isoformat(timespec="seconds"), "database": dumps.engine(),
            "audit": {"seq": head[0], "digest": head[1]},
            "parts": [{"name": name, "bytes": part.stat().st_size, "sha256": _sha(part)} for name, part in parts.items()],
        }  # fmt: skip
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.comment = b"0" * _SEAL
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
            for name, part in parts.items():
                archive.write(part, name)
        _seal(draft)
        os.link(draft, path)
    return Made(files=len(parts), bytes=path.stat().st_size, events=head[0])


def _files(home: Path) -> Iterator[Path]:
    """What lies in the workbench's folder beside database and keys."""
    for file in sorted(home.rglob("*")):
        if file.is_file() and not file.is_symlink() and not _OWN.search(file.name):
            yield file


def _seal(draft: Path) -> None:
    """The digest of all that stands before it, in the place kept for it at the end."""
    size = draft.stat().st_size - _SEAL
    digest = _sha(draft, size)
    with draft.open("r+b") as file:
        file.seek(size)
        file.write(digest.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    draft.chmod(0o600)


def _sha(path: Path, size: int | None = None) -> str:
    digest, left = hashlib.sha256(), path.stat().st_size if size is None else size
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()


def restore(path: Path, home: Path) -> Made:
    """Check a backup from end to end, then put it back into an empty workbench.

    Raises
    ------
    InputError
        ``backup-broken`` where it is not what was written.
    CallError
        ``backup-engine``, ``restore-full``, ``file-missing`` where it cannot be put here.
    """
    if not path.is_file():
        raise CallError("backup-none", {"path": str(path)})
    manifest = _checked(path)
    if manifest["database"] != dumps.engine():
        raise CallError("backup-engine", {"theirs": manifest["database"], "ours": dumps.engine()})
    if not dumps.is_empty() or any(_files(home)):
        raise CallError("restore-full", {"home": str(home)})
    audit = manifest["audit"]
    with tempfile.TemporaryDirectory(dir=home, prefix=".liantu-") as folder, zipfile.ZipFile(path) as archive:
        for part in manifest["parts"]:
            _extract(archive, part, Path(folder), path)
        dumps.restore(Path(folder) / dumps.name(), (int(audit["seq"]), str(audit["digest"])))
        if (files := Path(folder) / "files").is_dir():
            shutil.copytree(files, home, dirs_exist_ok=True)
    return Made(files=len(manifest["parts"]), bytes=path.stat().st_size, events=int(audit["seq"]))


def _checked(path: Path) -> Mapping[str, Any]:
    size = path.stat().st_size - _SEAL
    with path.open("rb") as file:
        file.seek(max(size, 0))
        seal = file.read()
    if size <= 0 or seal != _sha(path, size).encode("ascii"):
        raise InputError("backup-broken", {"path": str(path), "part": "SHA-256"})
    try:
        with zipfile.ZipFile(path) as archive:
            manifest: Mapping[str, Any] = json.loads(archive.read(MANIFEST))
        names = [str(part["name"]) for part in manifest["parts"] if part["sha256"]]
        whole = bool(manifest["audit"]["digest"] and int(manifest["audit"]["seq"]) >= 0 and manifest["database"])
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        raise InputError("backup-broken", {"path": str(path), "part": MANIFEST}) from None
    strange = [name for name in names if name not in dumps.NAMES.values() and not _is_file(name)]
    if strange or not whole:
        raise InputError("backup-broken", {"path": str(path), "part": (strange or [MANIFEST])[0][:80]})
    return manifest


def _is_file(name: str) -> bool:
    """Whether a part is a file such as `write` puts in: below the folder, and neither a key nor a database."""
    return bool(_NAME.match(name)) and ".." not in name.split("/") and not _OWN.search(name)


def _extract(archive: zipfile.ZipFile, part: Mapping[str, Any], folder: Path, path: Path) -> None:
    target = folder / str(part["name"])
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(str(part["name"])) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK)
    except (zipfile.BadZipFile, KeyError):
        raise InputError("backup-broken", {"path": str(path), "part": str(part["name"])}) from None
    if _sha(target) != part["sha256"]:
        raise InputError("backup-broken", {"path": str(path), "part": str(part["name"])})
    target.chmod(0o600)
