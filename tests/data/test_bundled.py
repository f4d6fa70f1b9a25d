"""Which packages are bundled, and that their files are what their descriptors say."""

from __future__ import annotations

import json

import frictionless
import pytest

from liantu import data
from liantu.errors import CallError
from liantu.io.readers import read
from liantu.model import schema

PACKAGES = data.names()


def test_the_default_package_comes_first():
    assert ("chenzhou", "reference") == PACKAGES


@pytest.mark.parametrize("name", PACKAGES)
def test_a_bundled_name_has_a_folder(name):
    assert data.is_bundled(name)
    assert (data.folder(name) / "datapackage.json").is_file()


@pytest.mark.parametrize("name", ["", "Chenzhou", "../reference", "chenzhou/"])
def test_any_other_name_is_refused_with_the_names_there_are(name):
    assert not data.is_bundled(name)
    with pytest.raises(CallError) as caught:
        data.folder(name)
    assert "chenzhou, reference" in caught.value.hint("en")


def test_chenzhou_says_what_it_holds():
    chenzhou = data.describe("chenzhou")
    assert ("Lithium battery chain of Chenzhou", "郴州锂电新能源产业链", "reference") == (
        chenzhou.title("en"),
        chenzhou.title("zh"),
        chenzhou.base,
    )
    assert (100, 18) == (chenzhou.rows["projects"], chenzhou.rows["plants"])


def test_the_library_has_no_base():
    assert ("", 741) == (data.describe("reference").base, data.describe("reference").rows["exchanges"])


@pytest.mark.parametrize("name", PACKAGES)
def test_the_descriptor_is_valid(name):
    report = frictionless.validate(str(data.folder(name) / "datapackage.json"))
    assert [] == report.flatten(["name", "rowNumber", "fieldName", "message"])
    assert len(list(data.folder(name).glob("*.csv"))) == report.stats["tasks"]


@pytest.mark.parametrize("name", PACKAGES)
def test_the_descriptor_names_every_file_and_its_columns(name):
    descriptor = json.loads((data.folder(name) / "datapackage.json").read_text(encoding="utf-8"))
    listed = {resource["path"]: [field["name"] for field in resource["schema"]["fields"]] for resource in descriptor["resources"]}
    found = {path.name: path.read_text(encoding="utf-8").partition("\n")[0].split(",") for path in data.folder(name).glob("*.csv")}
    assert found == listed


@pytest.mark.parametrize("name", PACKAGES)
def test_only_columns_of_the_schema_are_used(name):
    for path in data.folder(name).glob("*.csv"):
        head = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
        assert set() == set(head) - set(schema.table(path.stem).columns), path.name


@pytest.mark.parametrize("name", PACKAGES)
def test_files_are_plain_utf8_with_unix_line_ends(name):
    for path in data.folder(name).iterdir():
        content = path.read_bytes()
        assert (False, False, b"\n") == (b"\r" in content, content.startswith(b"\xef\xbb\xbf"), content[-1:]), path.name


def test_caveats_are_told_in_both_languages():
    for caveat in (caveat for name in PACKAGES for caveat in data.caveats(name)):
        assert caveat.text("en").isascii()
        assert caveat.text("en").endswith(".")
        assert caveat.text("zh").endswith("。")
        assert caveat.kind in {"weak", "thin", "conflict", "trap"}


def test_caveats_speak_of_ids_that_exist(chenzhou):
    known = {name for table in ("materials", "processes", "plants") for name in chenzhou.get(table).column("id")}
    assert (17, 17) == tuple(len(data.caveats(name)) for name in ("reference", "chenzhou"))
    assert set() == {name for package in PACKAGES for caveat in data.caveats(package) for name in caveat.about} - known


def test_the_page_on_the_data_tells_every_caveat_and_every_table(root):
    page = (root / "docs" / "data.md").read_text(encoding="utf-8")
    assert [] == [caveat.key for name in PACKAGES for caveat in data.caveats(name) if caveat.text("en") not in page]
    counts = [f"| {table} | {rows} |" for name in PACKAGES for table, rows in data.describe(name).rows.items()]
    assert [] == [line for line in counts if line not in page]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_bundled_package_is_read_like_any_folder(name, request):
    given = read(data.folder(name))
    assert () == given.findings
    assert request.getfixturevalue({"chenzhou": "own"}.get(name, name)).digest() == given.digest()
