"""A backup holds everything but the keys, is refused when one bit of it is another, and comes back as it was."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from liantu.errors import CallError, InputError
from liantu.web.config import archive

WAIT_S = 180


def liantu(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    environment = {**kept, "LIANTU_HOME": str(home), "LIANTU_LANG": "en"}
    return subprocess.run([sys.executable, "-m", *words], env=environment, capture_output=True, text=True, timeout=WAIT_S, check=False)


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workbench that has been started once, and its backup."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("safe")
    begun = liantu(home, "liantu.web", "shell", "-v0", "-c", "from liantu.web.config.beginning import begin; begin()")
    assert 0 == begun.returncode, begun.stderr
    (home / "files").mkdir()
    (home / "files" / "letter.pdf").write_bytes(b"%PDF-")
    done = liantu(home, "liantu", "backup", str(folder / "monday.backup"))
    assert 0 == done.returncode, done.stderr
    return home, folder / "monday.backup"


def rows(home: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "liantu.sqlite3")) as database:
        return [
            *database.execute("SELECT * FROM registry_plantsrow ORDER BY id"),
            *database.execute("SELECT seq, digest FROM audit_event ORDER BY seq"),
            *database.execute("SELECT password FROM accounts_person"),
        ]


def test_a_backup_comes_back_as_it_was(backed_up: tuple[Path, Path], tmp_path: Path) -> None:
    home, path = backed_up

    done = liantu(tmp_path, "liantu", "restore", str(path))

    assert (0, "") == (done.returncode, done.stderr)
    assert rows(home) == rows(tmp_path)
    assert b"%PDF-" == (tmp_path / "files" / "letter.pdf").read_bytes()


def test_the_keys_are_not_in_it(backed_up: tuple[Path, Path]) -> None:
    home, path = backed_up
    keys = list(home.glob("*.key"))

    with zipfile.ZipFile(path) as whole:
        inside = [whole.read(name) for name in whole.namelist()]
        manifest = json.loads(whole.read("manifest.json"))

    assert keys
    assert not any(key.read_bytes() in content for key in keys for content in inside)
    # Anchors are written with the first event of a day: there or not yet, they belong in it.
    kept = [part["name"] for part in manifest["parts"] if not part["name"].startswith("files/anchors/")]
    assert ["database.sqlite3", "files/files/letter.pdf"] == kept
    assert 0o600 == path.stat().st_mode & 0o777


def test_one_other_bit_anywhere_is_refused(backed_up: tuple[Path, Path], tmp_path: Path) -> None:
    whole = backed_up[1].read_bytes()
    chance, broken = Random(1), tmp_path / "broken"  # any hundred bits will do, always the same

    for _ in range(100):
        at = chance.randrange(len(whole))
        broken.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        with pytest.raises(InputError) as refused:
            archive.restore(broken, tmp_path / "none")
        assert "backup-broken" == refused.value.code


def test_a_backup_cut_short_is_refused(backed_up: tuple[Path, Path], tmp_path: Path) -> None:
    whole = backed_up[1].read_bytes()
    for part in range(20):
        (tmp_path / "short").write_bytes(whole[: len(whole) * part // 20])
        with pytest.raises(InputError):
            archive.restore(tmp_path / "short", tmp_path / "none")


def resealed(path: Path, target: Path, change: dict[str, object]) -> None:
    """A backup somebody has put together anew, seal and all, with another manifest."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        new.comment = b"0" * 64
        manifest = {**json.loads(old.read("manifest.json")), **change}
        new.writestr("manifest.json", json.dumps(manifest))
        for name in old.namelist():
            if name != "manifest.json":
                new.writestr(name, old.read(name))
    archive._seal(target)


@pytest.mark.parametrize(
    "change",
    [
        {"audit": {"seq": 1, "digest": "f" * 64}},
        {"parts": [{"name": "database.sqlite3", "bytes": 1, "sha256": "0" * 64}]},
        {"parts": [{"name": "files/../../outside", "bytes": 1, "sha256": "0"}]},
        {"parts": [{"name": "/etc/passwd", "bytes": 1, "sha256": "0"}]},
        {"parts": 7},
        {"parts": [{"name": "database.sqlite3"}]},
        {"audit": {"seq": "many", "digest": "f" * 64}},
    ],
    ids=["head", "digest", "outside", "absolute", "shape", "bare", "words"],
)
def test_a_forged_backup_is_refused_and_nothing_is_put_back(
    backed_up: tuple[Path, Path], tmp_path: Path, change: dict[str, object]
) -> None:
    forged, home = tmp_path / "forged", tmp_path / "home"
    resealed(backed_up[1], forged, change)

    done = liantu(home, "liantu", "restore", str(forged))

    assert 1 == done.returncode and "Traceback" not in done.stderr
    assert [] == list(home.glob("*.sqlite3"))


@pytest.mark.parametrize("name", ["secret.key", "liantu.sqlite3", "Anchor.KEY"])
def test_a_forged_backup_brings_no_key_and_no_second_database(backed_up: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    forged, home, evil = tmp_path / "forged", tmp_path / "home", tmp_path / "more"
    with zipfile.ZipFile(backed_up[1]) as old, zipfile.ZipFile(evil, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part))
        new.writestr(f"files/{name}", b"evil")
        parts = json.loads(old.read("manifest.json"))["parts"]
    resealed(evil, forged, {"parts": [*parts, {"name": f"files/{name}", "bytes": 4, "sha256": hashlib.sha256(b"evil").hexdigest()}]})

    assert 1 == liantu(home, "liantu", "restore", str(forged)).returncode
    assert b"evil" not in [file.read_bytes() for file in home.iterdir() if file.is_file()]


def test_a_workbench_in_use_is_never_written_over(backed_up: tuple[Path, Path]) -> None:
    home, path = backed_up
    before = rows(home)

    done = liantu(home, "liantu", "restore", str(path))

    assert 2 == done.returncode and "not empty" in done.stderr
    assert before == rows(home)


def test_a_backup_is_never_written_over(backed_up: tuple[Path, Path]) -> None:
    with pytest.raises(CallError) as refused:
        archive.write(backed_up[1], backed_up[0])
    assert "backup-exists" == refused.value.code


def test_where_there_is_nothing_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    done = liantu(tmp_path / "new", "liantu", "backup", str(tmp_path / "x"))

    assert 2 == done.returncode and "no workbench" in done.stderr
    assert not (tmp_path / "x").exists()
