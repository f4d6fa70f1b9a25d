"""A process of its own that marks a foreign workbook. Owns: its limits and the folder it works in. Never: what a mark is.

openpyxl loads a whole workbook, and one merged range over a whole sheet makes it fill the memory; here it may only
fill its own. Job, workbook and answer are files in a folder that goes with the process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from liantu.errors import InputError
from liantu.io import limits
from liantu.io.marks import Mark, marked
from liantu.words import Lang

_START = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from liantu.io.marker import main; main()"
_JOB, _IN, _OUT, _REASON = "job.json", "in.xlsx", "out.xlsx", "reason.txt"
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.")


def mark(data: bytes, marks: Sequence[Mark], lang: Lang, said: Sequence[str] = ()) -> bytes:
    """A foreign workbook with marks, and with lines ``said`` above the list of findings.

    Raises
    ------
    InputError
        ``mark-unable`` if it cannot be loaded within the limits of a reader.
    """
    with tempfile.TemporaryDirectory(prefix="liantu-") as name:
        folder = Path(name)
        (folder / _IN).write_bytes(data)
        told = {"marks": [asdict(one) for one in marks], "lang": lang, "said": list(said)}
        job = {**told, "cpu_s": limits.CPU_S, "memory": limits.MEMORY_BYTES}
        (folder / _JOB).write_text(json.dumps(job), encoding="ascii")
        code = _run(name)
        if code == 0 and (folder / _OUT).is_file():
            return (folder / _OUT).read_bytes()
        raise InputError("mark-unable", {"reason": _reason(folder, code)})


def _run(folder: str) -> int | None:
    """Exit code of the process; None if its time was up."""
    paths = json.dumps([os.path.realpath(path or os.curdir) for path in sys.path])
    environment = {"TMPDIR": folder, "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", "-c", _START, paths], cwd=folder, env=environment, timeout=limits.WALL_S, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def _reason(folder: Path, code: int | None) -> str:
    if code is None or -code in (signal.SIGXCPU, signal.SIGKILL):
        return f"> {limits.CPU_S} s"
    if (folder / _REASON).is_file():
        return (folder / _REASON).read_text(encoding="utf-8")
    return f"> {limits.MEMORY_BYTES // limits.MB} MB"


def main() -> None:
    """The child: limit, mark what lies in its folder, answer."""
    job = json.loads(Path(_JOB).read_bytes())
    _limit(job["cpu_s"], job["memory"])
    try:
        out = marked(Path(_IN).read_bytes(), [Mark(**one) for one in job["marks"]], job["lang"], job["said"])
    except InputError as error:
        Path(_REASON).write_text(str(error.values["reason"]), encoding="utf-8", errors="replace")
        raise SystemExit(1) from error
    Path(_OUT).write_bytes(out)


def _limit(cpu_s: int, memory: int) -> None:
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu_s), (resource.RLIMIT_FSIZE, limits.FILE_BYTES), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    sys.addaudithook(_forbid)


def _forbid(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
