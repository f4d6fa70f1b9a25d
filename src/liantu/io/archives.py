"""Zip bytes → the files in it. Owns: every limit and refusal on archives. Never: what the files mean, the disk.

Bytes are counted as they come out, never believed from a header; nothing is written anywhere.
"""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable

from liantu.errors import InputError
from liantu.io import limits
from liantu.io.resources import is_inside

_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_CHUNK = 1 << 18
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1


def unpack(data: bytes, file: str, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """All files of an archive that are wanted, by name; the others are counted and checked as well.

    Raises
    ------
    InputError
        ``zip-…`` or ``limit-…``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {name: info for name, info in _named(archive.infolist(), file) if not info.is_dir()}
            unpacked, total = dict[str, bytes](), 0
            for name, info in entries.items():
                keep = wanted(name)
                size, content = _content(archive, info, name, file, limits.UNPACKED_BYTES - total, keep=keep)
                total += size
                if keep:
                    unpacked[name] = content
            return unpacked
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError, OSError) as error:
        raise InputError("zip-broken", {"reason": str(error)[:80]}, file=file) from None


def _named(infos: list[zipfile.ZipInfo], file: str) -> Iterable[tuple[str, zipfile.ZipInfo]]:
    limits.check("limit-entries", len(infos), limits.ENTRIES, file=file)
    seen: set[str] = set()
    for info in infos:
        name = _name(info)
        _refuse(info, name, file)
        key = unicodedata.normalize("NFC", name).casefold().rstrip("/")
        if key in seen:
            raise InputError("zip-twice", {"name": name[:80]}, file=file)
        seen.add(key)
        yield name, info


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its author wrote it: without the UTF-8 flag, Chinese Windows writes GBK."""
    if info.flag_bits & _UTF8_FLAG:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _refuse(info: zipfile.ZipInfo, name: str, file: str) -> None:
    limits.check("limit-entry-name", len(name.encode("utf-8", "replace")), limits.ENTRY_NAME, file=file)
    said = {"name": name[:80].encode("utf-8", "replace").decode()}
    if not is_inside(name.removesuffix("/")):
        raise InputError("zip-name", said, file=file)
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise InputError("zip-link", said, file=file)
    if name.lower().endswith(_ARCHIVES):
        raise InputError("zip-nested", said, file=file)
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise InputError("zip-encrypted", said, file=file)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError("zip-method", said, file=file)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, file: str, room: int, *, keep: bool) -> tuple[int, bytes]:
    size, chunks = 0, list[bytes]()
    label = f"{file}/{name}"
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            limits.check_bytes("limit-entry-bytes", size, limits.ENTRY_BYTES, file=label)
            if size > limits.RATIO_FROM and size > limits.RATIO * info.compress_size:
                raise InputError("limit-ratio", {"limit": limits.RATIO}, file=label)
            if size > room:
                raise InputError("limit-unpacked", {"limit": limits.UNPACKED_BYTES // limits.MB}, file=file)
            if keep:
                chunks.append(chunk)
    return size, b"".join(chunks)
