"""The same sweep on a Dask cluster of this machine; a scheduler that is gone or dies is said, and nothing is lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from liantu import runs
from liantu.errors import CallError
from liantu.runs import pool
from liantu.runs.sweeps import SweepOptions, sweep

distributed = pytest.importorskip("distributed", reason="the extra `sweep` is not installed")
pytestmark = pytest.mark.filterwarnings("default")
VARY = ["prices", "capacities=±20%"]
READY = runs.prepare("chenzhou")


@contextmanager
def started(module: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "distributed.cli." + module, *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        return int(here.getsockname()[1])


@contextmanager
def scheduled(*words: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    with started("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", *words) as scheduler:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"tcp://127.0.0.1:{port}", scheduler


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    words = ("--host", "127.0.0.1", "--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
    with scheduled() as (address, scheduler), started("dask_worker", address, *words):
        with distributed.Client(address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, scheduler


def swept(address: str, **how: object):
    progress = how.pop("progress", None)
    return sweep(READY, VARY, year=2025, how=SweepOptions(**{"runs": 60, "seed": 2, "scheduler": address, **how}), progress=progress)


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    with cluster(tmp_path_factory.mktemp("dask")) as (address, _):
        yield address


def test_a_cluster_writes_what_one_process_writes(address, tmp_path):
    assert swept(address, out=tmp_path / "cluster.csv").ok
    assert swept("", out=tmp_path / "alone.csv").ok
    assert (tmp_path / "alone.csv").read_bytes() == (tmp_path / "cluster.csv").read_bytes()


def test_nothing_listens_beyond_this_machine(address):
    said = subprocess.run(["ss", "-ltnp"], capture_output=True, text=True, check=False).stdout
    ours = [line.split()[3] for line in said.splitlines() if f"pid={os.getpid()}," in line]
    assert [] == [place for place in ours if not place.startswith(("127.0.0.1:", "[::1]:"))]


@pytest.mark.parametrize("scheme", ["tcp", "tls"])
def test_a_scheduler_that_is_gone_is_a_wrong_call(scheme, monkeypatch):
    monkeypatch.setattr(pool, "CONNECT_S", 1)
    with pytest.raises(CallError) as caught:
        swept(f"{scheme}://127.0.0.1:{free_port()}")
    assert "scheduler-gone" == caught.value.code


def test_a_scheduler_without_workers_is_a_wrong_call(monkeypatch):
    monkeypatch.setattr(pool, "CONNECT_S", 1)
    with scheduled() as (address, _), pytest.raises(CallError) as caught:
        swept(address)
    assert "scheduler-empty" == caught.value.code


def test_workers_of_another_version_are_refused(address, monkeypatch):
    monkeypatch.setattr(pool, "__version__", "9.9.9")
    with pytest.raises(CallError) as caught:
        swept(address)
    assert "scheduler-other" == caught.value.code


def test_a_scheduler_that_dies_half_way_loses_nothing(tmp_path):
    with cluster(tmp_path / "dask") as (address, scheduler):

        def kill(done: int, *_: object) -> None:
            if scheduler.poll() is None:
                os.killpg(scheduler.pid, signal.SIGKILL)

        record = swept(address, runs=3000, out=tmp_path / "a", progress=kill)
    assert (3, ["sweep-worker", "sweep-kept"]) == (record.exit_code, [one.code for one in record.findings if one.level != "note"])
    assert 8 <= record.result["done"] < 3000
    again = swept("", runs=int(record.result["done"]) + 1, out=tmp_path / "a", resume=True)
    assert again.ok
