"""A process of its own for files that may be hostile. Owns: its limits, its life, the way back of what it read.
Never: what is in the files.

The parent opens the file and hands over the open handle; the child limits itself first, reads, and answers in JSON,
which unlike pickle cannot run anything in the parent. It is started on a bare interpreter in an empty folder.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from typing import Any

from liantu.errors import InputError
from liantu.io import limits
from liantu.model.findings import Finding
from liantu.model.tables import Table

_START = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from liantu.io.child import main; main(sys.argv[2])"
_FORBIDDEN = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.", "ctypes.", "os.remove", "os.rename",
)  # fmt: skip
Report = Callable[[Finding], None]


def read(handle: int, file: str, report: Report) -> dict[str, Table]:
    """Read an open workbook or zip in a child.

    Raises
    ------
    InputError
        What the child found, or the limit that ended it.
    """
    with tempfile.TemporaryDirectory(prefix="liantu-") as folder:
        answer = _run(handle, file, folder)
    if error := answer.get("error"):
        raise InputError(error["code"], error["values"], file=error["file"], row=error["row"], column=error["column"])
    for finding in answer["findings"]:
        report(Finding(**finding))
    return {table["name"]: Table(**{**table, "files": tuple(table["files"])}) for table in answer["tables"]}


def _run(handle: int, file: str, folder: str) -> dict[str, Any]:
    paths = [os.path.realpath(path or os.curdir) for path in sys.path]
    environment = {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", _START, json.dumps(paths), file],
        stdin=handle, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, env=environment, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            answer, _ = process.communicate(timeout=limits.WALL_S)
        except subprocess.TimeoutExpired:
            raise InputError("limit-time", {"limit": limits.WALL_S}, file=file) from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise _ended(-process.returncode, file)
    try:
        result: dict[str, Any] = json.loads(answer)
    except ValueError:
        raise InputError("reader-failed", {"reason": "0"}, file=file) from None
    return result


def _ended(by: int, file: str) -> InputError:
    if by in (signal.SIGXCPU, signal.SIGKILL):
        return InputError("limit-time", {"limit": limits.CPU_S}, file=file)
    if by in (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS):
        return InputError("limit-memory", {"limit": limits.MEMORY_BYTES // limits.MB}, file=file)
    return InputError("reader-failed", {"reason": str(by)}, file=file)


def main(file: str) -> None:
    """The child: limit, read what stands on standard input, answer."""
    _limit()
    # A short life in bounded memory: looking for cycles would cost a third of the time.
    gc.disable()
    with os.fdopen(0, "rb", closefd=False) as source:
        said = answer(source.read(limits.FILE_BYTES + 1), file)
    with os.fdopen(1, "w", encoding="ascii", closefd=False) as out:
        json.dump(said, out)


def _limit() -> None:
    import resource

    for what, most in (
        (resource.RLIMIT_AS, limits.MEMORY_BYTES), (resource.RLIMIT_CPU, limits.CPU_S), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 64),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    sys.addaudithook(_forbid)


def _forbid(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def answer(data: bytes, file: str) -> Mapping[str, object]:
    """What a workbook or zip holds, or why it could not be read: never anything else."""
    from liantu.io import uploads

    found: list[Finding] = []
    try:
        limits.check_bytes("limit-bytes", len(data), limits.FILE_BYTES, file=file)
        tables = uploads.tables(data, file, found.append)
    except InputError as error:
        return {"error": {"code": error.code, "values": error.values, "file": error.file, "row": error.row, "column": error.column}}
    except MemoryError:
        return _error("limit-memory", {"limit": limits.MEMORY_BYTES // limits.MB}, file)
    except BaseException as error:
        # Calamine's panics are no Exception; whatever it was, the parent must hear of it in words.
        return _error("reader-failed", {"reason": type(error).__name__}, file)
    return {"tables": [_table(table) for table in tables.values()], "findings": [_finding(one) for one in found]}


def _error(code: str, values: Mapping[str, object], file: str) -> Mapping[str, object]:
    return {"error": {"code": code, "values": values, "file": file, "row": None, "column": None}}


def _table(table: Table) -> Mapping[str, object]:
    return {
        "name": table.name, "columns": table.columns, "lines": list(table.lines), "files": list(table.files),
        "units": table.units, "headers": table.headers,
    }  # fmt: skip


def _finding(finding: Finding) -> Mapping[str, object]:
    return {"code": finding.code, "values": finding.values, "file": finding.file, "row": finding.row, "column": finding.column}
