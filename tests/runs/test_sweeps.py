"""Sweeps: the same runs whatever the split, nothing finished ever lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from liantu import runs
from liantu.errors import CallError, InputError
from liantu.runs import pool
from liantu.runs.factors import factors
from liantu.runs.shelf import Shelf
from liantu.runs.study import Runner, Study
from liantu.runs.sweeps import SweepOptions, sweep
from tests import packages

TABLES = {
    "markets": """material,direction,price,currency,unit,limit,source
        ground,buy,1,CNY,t,,s
        ore,sell,1000,CNY,t,,s
        salt,sell,10000,CNY,t,,s
        salt,buy,11000,CNY,t,,s
        cell,sell,9,CNY,kWh,,s""",
}
VARY = ["markets.price[material=salt]=0.5..1.5", "capacities=±20%"]
READY = runs.prepare(packages.package(TABLES))


def study(**more: object) -> Study:
    return Study(verb="throughput", chain=READY.chain, year=2025, factors=factors(READY.chain, VARY), seed=1, **more)


def swept(vary=VARY, **how: object):
    return sweep(READY, vary, year=2025, how=SweepOptions(**{"runs": 40, "seed": 1, **how}))


def table(record) -> dict[str, object]:
    return {name: json.dumps(list(record.grid(name))) for name in ("outcomes", "factors", "picture", "ended")} | {
        "worth": record.result["objective"]
    }


# What runs do --------------------------------------------------------------------------------------------------------


def test_a_future_is_the_verb_asked_of_the_changed_chain(tmp_path):
    path = tmp_path / "design.csv"
    # Ore is worth 1,000 sold; 8 t of it make a tonne of salt, worth 10,000 × the factor: below 0.8 salt is not made.
    path.write_text("markets.price[material=salt],plants.capacity[id=r1]\n1,1\n0.7,1\n1,0.5\n", "utf-8")
    record = sweep(READY, path, year=2025)
    assert 3 == record.result["done"]
    assert {"optimal": 3} == {row["status"]: row["runs"] for row in record.grid("ended")}
    salt = next(row for row in record.grid("outcomes") if row["item"] == "r1")
    assert (2 / 3, 3000) == pytest.approx((salt["share"], salt["median"]))


def test_each_run_agrees_with_the_verb_itself():
    span, numbers = Runner(study()).span(0, 12), study().numbers(0, 12)
    found = study().factors
    for run in range(12):
        rows = "".join(
            f"\n x,{one.table},{one.name[one.name.index('[') + 1 : -1]},{one.column},times,{times!r}"
            for one, times in zip(found, numbers[run].tolist(), strict=True)
        )
        text = f"scenario,table,rows,column,operation,value{rows}"
        alone = runs.run("throughput", runs.prepare(packages.package({**TABLES, "scenarios": text})), year=2025, scenario="x")
        assert alone.result["objective"]["value"] == pytest.approx(span.objective[run], rel=1e-9)


def test_a_future_without_an_answer_is_counted_and_said():
    demand = {
        **TABLES,
        "demands": "material,year,amount,unit,source\n salt,2025,6000,t,s",
        "markets": TABLES["markets"].replace("salt,buy", "ore,buy"),
    }
    ready = runs.prepare(packages.package(demand))
    record = sweep(ready, ["capacities[r1]=0.5..1.5"], year=2025, how=SweepOptions(runs=30))
    ended = {row["status"]: row["runs"] for row in record.grid("ended")}
    assert {"infeasible", "optimal"} == set(ended)
    assert 30 == sum(ended.values())


def test_a_verb_that_is_accounting_can_be_swept_too():
    record = sweep(READY, ["capacities[r1]=±20%"], verb="balance", year=2025, how=SweepOptions(runs=10))
    row = next(row for row in record.grid("outcomes") if row["item"] == "r1")
    assert 2400 <= row["low"] <= row["high"] <= 3600
    assert record.result["objective"]["median"] != record.result["objective"]["median"]


def test_the_factor_that_flips_a_plant_is_named():
    record = swept(runs=300)
    row = next(row for row in record.grid("outcomes") if row["item"] == "r1")
    assert ("markets.price[material=salt]", True) == (row["factor"], row["correlation"] > 0.5)
    first = next(iter(record.grid("factors")))
    assert ("markets.price[material=salt]", 1) == (first["factor"], first["flips"])
    assert ("r1", "markets.price[material=salt]") in {(cell["item"], cell["factor"]) for cell in record.grid("picture")}


# The same whatever the split ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cuts", [(40,), (1,) * 40, (7, 20, 13), (39, 1)])
def test_runs_are_the_same_to_the_last_bit_however_they_are_cut(cuts):
    whole = Runner(study()).span(0, 40)
    at, parts = 0, []
    for size in cuts:
        parts.append(Runner(study()).span(at, at + size))
        at += size
    assert whole.values.tobytes() == np.concatenate([part.values for part in parts]).tobytes()
    assert whole.objective.tobytes() == np.concatenate([part.objective for part in parts]).tobytes()


def test_runs_are_the_same_in_any_order():
    forward, runner = Runner(study()).span(0, 20), Runner(study())
    backward = [runner.span(run, run + 1) for run in reversed(range(20))][::-1]
    assert forward.values.tobytes() == np.concatenate([one.values for one in backward]).tobytes()


def test_two_workers_write_what_one_writes(tmp_path):
    one, two = (swept(workers=workers, out=tmp_path / f"{workers}.csv") for workers in (1, 2))
    assert table(one) == table(two)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_more_runs_begin_with_the_fewer(tmp_path):
    swept(runs=15, out=tmp_path / "few.csv")
    swept(runs=25, out=tmp_path / "many.csv")
    few, many = ((tmp_path / f"{name}.csv").read_text("utf-8") for name in ("few", "many"))
    assert many.startswith(few)


# Nothing finished is lost -------------------------------------------------------------------------------------------


def test_going_on_is_the_same_as_going_through(tmp_path, monkeypatch):
    swept(out=tmp_path / "through")
    swept(out=tmp_path / "parts", runs=11)
    record = swept(out=tmp_path / "parts", resume=True)
    assert 40 == record.result["done"]
    assert (tmp_path / "through" / "runs.csv").read_bytes() == (tmp_path / "parts" / "runs.csv").read_bytes()


def test_only_what_is_missing_is_done_again(tmp_path):
    swept(out=tmp_path / "a", workers=1)
    spans = sorted((tmp_path / "a").glob("runs-*.npz"))
    before = (tmp_path / "a" / "runs.csv").read_bytes()
    spans[1].unlink()
    stamps = {path: path.stat().st_mtime_ns for path in spans if path.exists()}
    swept(out=tmp_path / "a", resume=True)
    assert stamps == {path: path.stat().st_mtime_ns for path in stamps}
    assert before == (tmp_path / "a" / "runs.csv").read_bytes()


@pytest.mark.parametrize(
    ("again", "code"),
    [({}, "sweep-exists"), ({"resume": True, "seed": 2}, "sweep-other"), ({"resume": True, "vary": ["capacities=±20%"]}, "sweep-other")],
)
def test_a_folder_keeps_one_question(tmp_path, again, code):
    swept(runs=3, out=tmp_path / "a")
    with pytest.raises(CallError) as caught:
        swept(**{"runs": 3, "out": tmp_path / "a", **again})
    assert code == caught.value.code


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(CallError) as caught:
        swept(runs=3, out=tmp_path)
    assert "sweep-folder" == caught.value.code


def test_a_file_cut_short_is_named(tmp_path):
    swept(runs=10, out=tmp_path / "a")
    path = next((tmp_path / "a").glob("runs-*.npz"))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError) as caught:
        Shelf(tmp_path / "a", json.loads((tmp_path / "a" / "manifest.json").read_text("utf-8")), resume=True)
    assert ("sweep-broken", path.name) == (caught.value.code, caught.value.values["path"])


def test_a_worker_that_dies_loses_nothing_finished(tmp_path):
    killed: list[int] = []

    def kill(done: int, *_: object) -> None:
        if not killed:
            children = subprocess.run(
                ["ps", "-o", "pid=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
            ).stdout.split()
            for pid in map(int, children):
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                    break

    record = sweep(READY, VARY, year=2025, how=SweepOptions(runs=4000, seed=1, workers=2, out=tmp_path / "a"), progress=kill)
    assert killed
    assert (3, ["sweep-worker", "sweep-kept"]) == (record.exit_code, [one.code for one in record.findings if one.level != "note"])
    done = record.result["done"]
    assert 8 <= done < 4000
    kept = sorted(path.name for path in (tmp_path / "a").glob("runs-*.npz"))
    again = sweep(READY, VARY, year=2025, how=SweepOptions(runs=done + 5, seed=1, out=tmp_path / "a", resume=True))
    assert again.ok
    assert set(kept) <= {path.name for path in (tmp_path / "a").glob("runs-*.npz")}


def test_an_interrupt_leaves_a_folder_that_can_be_gone_on_with(tmp_path):
    out = tmp_path / "a"
    command = [
        sys.executable,
        "-m",
        "liantu",
        "sweep",
        "--vary",
        "prices",
        "--runs",
        "100000",
        "--workers",
        "2",
        "--out",
        str(out),
        "--year",
        "2025",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True) as process:
        deadline = time.monotonic() + 60
        while not any(out.glob("runs-*.npz")) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        said, errors = process.communicate(timeout=60)
    assert 130 == process.returncode, errors
    assert "--resume" in said
    assert "Traceback" not in errors
    assert "left" in errors
    shelf = Shelf(out, json.loads((out / "manifest.json").read_text("utf-8")), resume=True)
    assert 8 <= shelf.done(100_000) < 100_000
    assert not list(out.glob("*.tmp"))


# Calls that are wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"runs": 0}, "sweep-number"), ({"workers": 0}, "sweep-number"), ({"seed": -1}, "sweep-number"), ({"vary": []}, "vary-none"),
        ({"scheduler": "tcp://10.0.0.1:8786"}, "scheduler-open"), ({"scheduler": "tcp://example.org:8786"}, "scheduler-open"),
        ({"scheduler": "127.0.0.1:8786"}, "scheduler-open"), ({"scheduler": "ws://127.0.0.1:8786"}, "scheduler-open"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_said(how, code):
    with pytest.raises(CallError) as caught:
        swept(**how)
    assert code == caught.value.code


def test_what_is_wrong_with_the_input_is_a_finding():
    wrong = runs.prepare(packages.package(plants=("80,kt/a", "-80,kt/a")))
    record = sweep(wrong, VARY, year=2025, how=SweepOptions(runs=3))
    assert (1, {}) == (record.exit_code, record.result)


def test_spans_grow_to_the_wanted_seconds_and_shrink_at_the_end():
    sizes = pool.Sizes()
    assert 8 == sizes.cut(0, 1000, 2)
    span = Runner(study()).span(0, 4)
    object.__setattr__(span, "seconds", 4 * pool.SPAN_S / 100)
    sizes.learn(span)
    assert (100, 100, 950 + 13) == (sizes.cut(0, 10_000, 2), sizes.cut(0, 400, 2), sizes.cut(950, 1000, 2))
