"""Where finished runs of a sweep are kept. Owns: the run folder, its manifest, whole-or-absent spans. Never: running.

A span is one file of plain arrays; whatever ends a sweep, what stands in the folder is whole.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from liantu.errors import CallError, InputError
from liantu.io.files import whole
from liantu.runs.study import Span

MANIFEST = "manifest.json"


class Shelf:
    """Spans that are finished, in memory and, if there is a folder, on disk."""

    def __init__(self, folder: Path | None, manifest: Mapping[str, object], *, resume: bool) -> None:
        self.folder = folder
        self._spans: dict[int, Span] = {}
        if folder is None:
            return
        before = _manifest(folder)
        if before is None:
            self._begin(folder, manifest)
        elif not resume:
            raise CallError("sweep-exists", {"path": str(folder)})
        else:
            _same(before, manifest, folder)
            self._spans = {span.first: span for span in map(_load, sorted(folder.glob("runs-*.npz")))}

    def _begin(self, folder: Path, manifest: Mapping[str, object]) -> None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CallError("sweep-folder", {"path": str(folder)})
        folder.mkdir(parents=True, exist_ok=True)
        whole(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())

    def keep(self, span: Span) -> None:
        """Keep a finished span."""
        self._spans[span.first] = span
        if self.folder is not None:
            data = io.BytesIO()
            names = np.array(span.names, dtype=np.str_)
            np.savez(data, first=span.first, status=span.status, objective=span.objective, names=names, values=span.values)
            whole(self.folder / f"runs-{span.first:010d}-{span.last:010d}.npz", data.getvalue())

    def missing(self, runs: int) -> Iterator[tuple[int, int]]:
        """Stretches of runs not yet finished."""
        at = 0
        for first in sorted(self._spans):
            if at < min(first, runs):
                yield at, min(first, runs)
            at = max(at, self._spans[first].last)
        if at < runs:
            yield at, runs

    def spans(self, runs: int) -> list[Span]:
        """What is finished of the first ``runs`` runs, in their order."""
        return [_cut(self._spans[first], runs) for first in sorted(self._spans) if first < runs]

    def done(self, runs: int) -> int:
        """How many of the first ``runs`` runs are finished."""
        return runs - sum(last - first for first, last in self.missing(runs))


def _manifest(folder: Path) -> Mapping[str, object] | None:
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        read = json.loads(path.read_bytes())
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise InputError("sweep-broken", {"path": path.name})
    return read


def _same(before: Mapping[str, object], now: Mapping[str, object], folder: Path) -> None:
    """A sweep goes on only with the question it began with."""
    plain = json.loads(json.dumps(now))
    if other := [key for key in plain if before.get(key) != plain[key]]:
        raise CallError("sweep-other", {"path": str(folder), "keys": ", ".join(other)})


def _load(path: Path) -> Span:
    try:
        # Opened here: NumPy leaves a file open that turns out not to be one of its own.
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as kept:
            return Span(
                first=int(kept["first"]), status=kept["status"], objective=kept["objective"],
                names=tuple(kept["names"].tolist()), values=kept["values"], seconds=0.0,
            )  # fmt: skip
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        raise InputError("sweep-broken", {"path": path.name}) from None


def _cut(span: Span, runs: int) -> Span:
    many = min(span.last, runs) - span.first
    return Span(
        first=span.first, status=span.status[:many], objective=span.objective[:many],
        names=span.names, values=span.values[:many], seconds=span.seconds,
    )  # fmt: skip
