"""What a ``datapackage.json`` lists → members to read. Owns: reading a Frictionless descriptor. Never: opening what it lists.

Only what can be honoured is accepted: a dialect or a path that asks for more is an error of its resource, not ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from liantu.errors import InputError
from liantu.io import headers, limits
from liantu.io.csvs import Dialect
from liantu.io.files import DESCRIPTOR
from liantu.io.packages import Folder, Member, Report, is_text
from liantu.model.findings import Finding

Json = Mapping[str, Any]
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
# Words of a dialect that change nothing for us, or are honoured below.
_SILENT = frozenset({"caseSensitiveHeader", "csvddfVersion", "lineTerminator", "$schema", "header"})
_HONOURED = {"delimiter": "delimiter", "quoteChar": "quotechar", "escapeChar": "escapechar", "doubleQuote": "doublequote",
             "skipInitialSpace": "skipinitialspace"}  # fmt: skip


class _RefusedError(Exception):
    """A resource that cannot be read as it asks: the code and values of its finding."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def members(folder: Folder, report: Report) -> list[Member]:
    """The members a descriptor lists; a resource that cannot be read is a finding.

    Raises
    ------
    InputError
        ``descriptor`` or one of its limits.
    """
    package = _parse(folder.read(DESCRIPTOR, limits.DESCRIPTOR_BYTES, "limit-descriptor"))
    there = set(folder.names())
    found: list[Member] = []
    for at, resource in enumerate(_resources(package), start=1):
        try:
            member = _member(resource, at)
            if PurePosixPath(member.path).name == member.path and member.path not in there:
                raise _RefusedError("descriptor-absent", path=member.path)
            found.append(member)
        except _RefusedError as refused:
            report(Finding(code=refused.code, values=refused.values, file=DESCRIPTOR))
    return found


def _parse(data: bytes) -> Json:
    try:
        text = data.decode("utf-8-sig")
        limits.check("limit-depth", _depth(text), limits.DESCRIPTOR_DEPTH, file=DESCRIPTOR)
        package = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise InputError("descriptor", {"reason": _reason(error)}, file=DESCRIPTOR, row=row) from None
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list) or not package["resources"]:
        raise InputError("descriptor", {"reason": "resources: []"}, file=DESCRIPTOR)
    return package


def _depth(text: str) -> int:
    deep = deepest = 0
    for sign in re.findall(r"[\[{}\]]", _STRINGS.sub("", text)):
        deep += 1 if sign in "[{" else -1
        deepest = max(deepest, deep)
    return deepest


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError(f"{next(key for key in keys if keys.count(key) > 1)[:40]!r} × 2")
    return dict(pairs)


def _no_constant(word: str) -> object:
    raise ValueError(word)


def _reason(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)[:80]


def _resources(package: Json) -> Iterator[Json]:
    for at, resource in enumerate(package["resources"], start=1):
        if not isinstance(resource, dict):
            raise InputError("descriptor", {"reason": f"resources[{at}]"}, file=DESCRIPTOR)
        yield resource


def _member(resource: Json, at: int) -> Member:
    name = str(resource.get("name") or f"#{at}")[:80]
    path = _path(resource, name)
    dialect = _mapping(resource, "dialect", name)
    about = _mapping(resource, "schema", name)
    for key in ("compression", "control"):
        if resource.get(key):
            raise _RefusedError("descriptor-unsupported", name=name, what=key)
    stem = PurePosixPath(path).stem
    return Member(
        path=path, table=headers.match_table(name) or headers.match_table(stem) or stem, dialect=_dialect(dialect, path, name),
        encoding=_text(resource.get("encoding", ""), "encoding", name), blanks=_blanks(about, name),
        fields=_fields(about, name) if dialect.get("header") is False else (),
    )  # fmt: skip


def _path(resource: Json, name: str) -> str:
    path = resource.get("path")
    if isinstance(path, list) and len(path) == 1:
        path = path[0]
    if not isinstance(path, str) or not path:
        what = "path: […]" if isinstance(path, list) else "data" if "data" in resource else "path"
        raise _RefusedError("descriptor-unsupported", name=name, what=what)
    parts = path.removeprefix("./").split("/")
    if not is_inside(path.removeprefix("./")):
        raise _RefusedError("descriptor-path", path=path[:120], name=name)
    if not is_text(parts[-1]):
        raise _RefusedError("descriptor-unsupported", name=name, what=parts[-1][:80])
    return "/".join(parts)


def is_inside(path: str) -> bool:
    """Whether a path is relative, plain, and leads nowhere but down."""
    parts = path.split("/")
    return not (re.search(r"[\x00-\x1f\\]|^[A-Za-z][A-Za-z0-9+.-]*:", path) or {"", ".", ".."} & set(parts))


def _mapping(resource: Json, key: str, name: str) -> Json:
    value = resource.get(key) or {}
    if not isinstance(value, dict):
        raise _RefusedError("descriptor-unsupported", name=name, what=key)
    inner = value.get("csv")
    return {**value, **inner} if key == "dialect" and isinstance(inner, dict) else value


def _text(value: object, key: str, name: str) -> str:
    if not isinstance(value, str):
        raise _RefusedError("descriptor-unsupported", name=name, what=key)
    return value


def _dialect(asked: Json, path: str, name: str) -> Dialect:
    strange = [key for key, value in asked.items() if key not in _HONOURED and key not in _SILENT and key != "csv" and value]
    if strange:
        raise _RefusedError("descriptor-unsupported", name=name, what=f"dialect.{strange[0][:40]}")
    options: dict[str, Any] = {"delimiter": "\t"} if path.lower().endswith(".tsv") else {}
    for key, own in _HONOURED.items():
        if key in asked:
            options[own] = _option(asked[key], key, name)
    return Dialect(**options)


def _option(value: object, key: str, name: str) -> object:
    wanted = bool if key in ("doubleQuote", "skipInitialSpace") else str
    is_sign = wanted is bool or (isinstance(value, str) and len(value) == 1 and value not in "\r\n\0")
    if value in (None, "") and key in ("quoteChar", "escapeChar"):
        return "" if key == "quoteChar" else None
    if not isinstance(value, wanted) or not is_sign:
        raise _RefusedError("descriptor-unsupported", name=name, what=f"dialect.{key}")
    return value


def _blanks(about: Json, name: str) -> frozenset[str]:
    words = about.get("missingValues") or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise _RefusedError("descriptor-unsupported", name=name, what="schema.missingValues")
    return frozenset(word.strip() for word in words) - {""}


def _fields(about: Json, name: str) -> tuple[str, ...]:
    fields = about.get("fields")
    names = [field.get("name") for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []
    if not names or not all(isinstance(one, str) and one for one in names):
        raise _RefusedError("descriptor-unsupported", name=name, what="dialect.header: false")
    return tuple(map(str, names))
