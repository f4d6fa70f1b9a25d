"""Whole or absent: how a file or folder is put on disk, and cells that no spreadsheet will run. Owns: whole,
whole_folder, made_folder, safe_cell, bare_cell. Never: what is written.

A file is written beside its target, synced and renamed over it, so that a full disk or a pulled plug leaves the old
one or the new one, and nothing of our own beside it.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from liantu.errors import CallError, InputError
from liantu.io.cells import PLAIN

DESCRIPTOR = "datapackage.json"
_CHUNK = 1 << 20
_CODES = {
    errno.ENOSPC: "write-disk-full", errno.EDQUOT: "write-disk-full", errno.EFBIG: "write-disk-full",
    errno.EROFS: "write-read-only", errno.EACCES: "write-denied", errno.EPERM: "write-denied",
    errno.ENOENT: "write-no-folder", errno.ENOTDIR: "write-not-folder", errno.EEXIST: "write-not-folder",
    errno.ENAMETOOLONG: "write-name",
}  # fmt: skip
# OWASP "CSV injection": signs that start a formula, also in full width, and blanks that are skipped before one.
_LIVE = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_MARKED = re.compile(r"'+(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; an existing file is replaced and keeps its rights.

    Raises
    ------
    InputError
        ``write-…``: disk full, read-only, no permission, no such folder, or what the system says.
    """
    with _told(path):
        target = path.resolve()
        mode = _mode(target)
        temporary = _beside(target)
        with _removed_on_failure(temporary):
            _write(temporary, data, mode)
            temporary.replace(target)
        _sync(target.parent)


def made_folder(path: Path) -> None:
    """Make a folder and those above it, unless it is there.

    Raises
    ------
    InputError
        As ``whole``.
    """
    with _told(path):
        path.mkdir(parents=True, exist_ok=True)


def whole_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files whole or not at all; only an empty folder or a chain package is replaced.

    Raises
    ------
    CallError
        ``write-not-empty`` if the folder holds what is no part of a package.
    InputError
        As ``whole``.
    """
    with _told(path):
        target = path.resolve()
        if target.exists():
            _may_replace(target)
        temporary = _beside(target)
        with _removed_on_failure(temporary):
            temporary.mkdir()
            for name, data in files.items():
                _write(temporary / name, data, None)
            _sync(temporary)
            _swap(temporary, target)
        _sync(target.parent)


def safe_cell(text: str) -> str:
    """A cell for a CSV file: what a spreadsheet would run gets an apostrophe in front; plain numbers stay.

    >>> safe_cell("=1+1"), safe_cell("-5"), safe_cell("锂")
    ("'=1+1", '-5', '锂')
    """
    return f"'{text}" if is_live(text) or _MARKED.match(text) else text


def bare_cell(text: str) -> str:
    """A cell as it was before ``safe_cell``.

    >>> bare_cell("'=1+1"), bare_cell("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if _MARKED.match(text) else text


def is_live(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula."""
    return bool(_LIVE.match(text)) and not _is_number(text)


def _is_number(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    return plain in ("-", "+", "=", "@") or bool(PLAIN.fullmatch(plain.removesuffix("%")))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system refuses, in words."""
    try:
        yield
    except OSError as error:
        code = _CODES.get(error.errno or 0, "write-failed")
        raise InputError(code, {"path": str(path), "reason": error.strerror or str(error)}, file=path.name) from error
    except (ValueError, RuntimeError) as error:
        # A path with a NUL in it, or a loop of links.
        shown = str(path).replace("\0", "␀")
        raise InputError("write-failed", {"path": shown, "reason": str(error).replace("\0", "␀")}, file=shown) from error


@contextmanager
def _removed_on_failure(temporary: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _beside(target: Path) -> Path:
    # A short name of its own: the target's may already be as long as the file system allows.
    return target.parent / f".liantu-{secrets.token_hex(8)}.tmp"


def _mode(target: Path) -> int | None:
    """Rights of the file that is replaced; a device or a pipe must not be renamed away."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise InputError("write-no-file", {"path": str(target)}, file=target.name)
    return stat.S_IMODE(found.st_mode)


def _write(path: Path, data: bytes, mode: int | None) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        if mode is not None:
            os.fchmod(handle, mode)
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left[:_CHUNK]) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network file systems cannot sync a folder; the rename itself has happened.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def _may_replace(folder: Path) -> None:
    if not folder.is_dir():
        raise InputError("write-failed", {"path": str(folder), "reason": os.strerror(errno.ENOTDIR)}, file=folder.name)
    own = _listed(folder / DESCRIPTOR)
    foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in own or not entry.is_file())
    if foreign:
        raise CallError("write-not-empty", {"path": str(folder), "name": foreign[0]}, file=folder.name)


def _listed(descriptor: Path) -> set[str]:
    """The files that are the package's own, by its descriptor."""
    if not descriptor.is_file():
        return set()
    try:
        said = json.loads(descriptor.read_bytes())
        return {DESCRIPTOR, *(str(resource["path"]) for resource in said.get("resources", ()))}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return set()


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    fresh.chmod(stat.S_IMODE(target.stat().st_mode))
    old = _beside(target)
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise
    try:
        shutil.rmtree(old)
    except OSError:
        # The new folder is in its place; a passing fault must not leave the old one beside it.
        shutil.rmtree(old)
