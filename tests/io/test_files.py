"""Files are whole or absent, and no cell is run by a spreadsheet."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.errors import CallError, InputError
from liantu.io.files import bare_cell, is_live, safe_cell, whole, whole_folder

PACKAGE = {"datapackage.json": b'{"resources": [{"path": "a.csv"}]}', "a.csv": b"id\nx\n"}
PAYLOADS = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")', "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", '=DDE("a";"b")',
)  # fmt: skip


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def _failing_at(nth: int, call: Callable[..., object], code: int) -> Callable[..., object]:
    count = 0

    def failing(*args: object, **kwargs: object) -> object:
        nonlocal count
        count += 1
        if count == nth:
            raise OSError(code, os.strerror(code))
        return call(*args, **kwargs)

    return failing


def test_a_file_is_written_with_the_rights_a_new_file_gets(tmp_path):
    whole(tmp_path / "新 表.csv", b"x")
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert stat.S_IMODE(plain.stat().st_mode) == stat.S_IMODE((tmp_path / "新 表.csv").stat().st_mode)
    assert ["plain", "新 表.csv"] == _names(tmp_path)


def test_a_replaced_file_keeps_its_rights_and_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "secret.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target)
    whole(link, b"new")
    assert (b"new", 0o600, True) == (target.read_bytes(), stat.S_IMODE(target.stat().st_mode), link.is_symlink())


@pytest.mark.parametrize("call", ["write", "fsync", "open", "close"])
@pytest.mark.parametrize("nth", range(1, 21))
@pytest.mark.parametrize("old", [b"", b"old"])
def test_whatever_call_fails_the_file_is_old_or_new_and_nothing_else_is_there(tmp_path, monkeypatch, call, nth, old):
    target, data = tmp_path / "out.bin", os.urandom(5 << 20)
    if old:
        target.write_bytes(old)
    monkeypatch.setattr(os, call, _failing_at(nth, getattr(os, call), errno.ENOSPC))
    failed = False
    try:
        whole(target, data)
    except InputError as error:
        failed = error.code == "write-disk-full"
    monkeypatch.undo()
    if not failed:
        assert data == target.read_bytes()
    elif target.exists():
        assert target.read_bytes() in ({old, data} if old else {data})
    assert _names(tmp_path) in (["out.bin"], [])
    whole(target, b"again")
    assert b"again" == target.read_bytes()


@pytest.mark.parametrize("nth", range(1, 21))
@pytest.mark.parametrize("call", ["write", "fsync", "open", "mkdir", "rename", "replace"])
def test_whatever_call_fails_a_folder_is_old_or_new(tmp_path, monkeypatch, call, nth):
    target = tmp_path / "pkg"
    whole_folder(target, PACKAGE)
    fresh = {"datapackage.json": b'{"resources": [{"path": "b.csv"}]}', "b.csv": b"id\ny\n"}
    monkeypatch.setattr(os, call, _failing_at(nth, getattr(os, call), errno.EIO))
    with suppress(InputError):
        whole_folder(target, fresh)
    monkeypatch.undo()
    assert ["pkg"] == _names(tmp_path)
    assert {entry.name: entry.read_bytes() for entry in target.iterdir()} in (PACKAGE, fresh)


def test_a_disk_that_fills_up_leaves_no_partial_file(tmp_path):
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "from pathlib import Path; from liantu.io.files import whole; from liantu.errors import InputError\n"
        "try: whole(Path(sys.argv[1]), bytes(1 << 20))\n"
        "except InputError as error: print(error.code)\n"
    )
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "big.xlsx")],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": source},
    )  # fmt: skip
    assert ("write-disk-full\n", []) == (done.stdout, _names(tmp_path))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EROFS, "write-read-only"),
        (errno.EACCES, "write-denied"),
        (errno.EDQUOT, "write-disk-full"),
        (errno.EIO, "write-failed"),
    ],
)
def test_what_the_system_refuses_is_said_in_words(tmp_path, monkeypatch, number, code):
    monkeypatch.setattr(os, "open", _failing_at(1, os.open, number))
    with pytest.raises(InputError) as caught:
        whole(tmp_path / "x", b"")
    assert code == caught.value.code
    assert str(tmp_path / "x") in caught.value.message("zh")


def test_a_folder_that_is_not_there_and_a_name_too_long_are_named(tmp_path):
    with pytest.raises(InputError) as missing:
        whole(tmp_path / "no" / "x.csv", b"")
    with pytest.raises(InputError) as long:
        whole(tmp_path / ("长" * 100), b"")
    assert ("write-no-folder", "write-name") == (missing.value.code, long.value.code)


def test_a_path_that_cannot_be_is_named(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("a\0b", "loop/x", "loop"):
        with pytest.raises(InputError) as caught:
            whole(tmp_path / name, b"")
        assert "\0" not in caught.value.message("en")
    assert ["loop"] == _names(tmp_path)


def test_a_pipe_and_a_folder_are_not_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(InputError) as caught:
            whole(tmp_path / name, b"")
        assert "write-no-file" == caught.value.code
    assert ["folder", "pipe"] == _names(tmp_path)


def test_an_empty_folder_and_a_package_are_replaced(tmp_path):
    target = tmp_path / "链 包"
    target.mkdir()
    whole_folder(target, PACKAGE)
    whole_folder(target, {"datapackage.json": b"{}"})
    assert (["datapackage.json"], ["链 包"]) == (_names(target), _names(tmp_path))


@pytest.mark.parametrize("descriptor", [None, b"not json", b"[1]", b'{"resources": 3}', b'{"resources": [{"path": "a.csv"}]}'])
def test_a_folder_with_other_files_is_never_replaced(tmp_path, descriptor):
    (tmp_path / "notes.txt").write_text("mine")
    if descriptor is not None:
        (tmp_path / "datapackage.json").write_bytes(descriptor)
    before = _names(tmp_path)
    with pytest.raises(CallError) as caught:
        whole_folder(tmp_path, PACKAGE)
    assert ("write-not-empty", before) == (caught.value.code, _names(tmp_path))


def test_a_file_is_not_replaced_by_a_folder(tmp_path):
    (tmp_path / "x").write_text("mine")
    with pytest.raises(InputError):
        whole_folder(tmp_path / "x", PACKAGE)
    assert "mine" == (tmp_path / "x").read_text()


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_formula_gets_an_apostrophe(text):
    assert f"'{text}" == safe_cell(text)


@pytest.mark.parametrize("text", ["-5", "+3.2", "-1,234.5", "-5%", "－５", "-", "=", "-1e-3", ">=", "锂", "", "a=b", "—"])
def test_numbers_and_words_stay_as_they_are(text):
    assert text == safe_cell(text)


@given(st.text())
def test_a_safe_cell_comes_back_and_is_never_live(text):
    assert text == bare_cell(safe_cell(text))
    assert not is_live(safe_cell(text))
