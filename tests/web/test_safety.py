"""What must hold for every page and answer: nothing asked of another host, nothing changed by reading, nothing told that is not for one."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from liantu.web.accounts.models import Person, Session
from liantu.web.audit.models import Event, Head

As = Callable[[str], Client]
ROOT = Path(__file__).resolve().parents[2]
SHOWN = 120
# Reading the trail is recorded, and a session notes when it was last used.
MOVING = {Session, Event, Head}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def crawl(client: Client) -> Iterator[tuple[str, str]]:
    """Pages reached by links from the desk, with their text."""
    waiting, seen = ["/"], {"/"}
    while waiting and len(seen) < SHOWN:
        path = waiting.pop(0)
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        text = answer.content.decode()
        yield path, text
        for link in (found.replace("&amp;", "&") for found in re.findall(r'href="(/[^"#]*)"', text)):
            if link not in seen and not link.startswith("/static/") and "/export" not in link:
                seen.add(link)
                waiting.append(link)


def digest() -> str:
    """Of everything the database holds but sessions and the trail."""
    found = hashlib.sha256()
    for model in apps.get_models():
        if model not in MOVING:
            found.update(repr(list(model._default_manager.order_by("pk").values_list())).encode())
    return found.hexdigest()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["lead", "firm_a_editor", "system", "auditor"])
def test_reading_changes_nothing_and_asks_nothing_of_another_host(as_: As, who: str) -> None:
    client, before = as_(who), digest()
    pages = list(crawl(client))

    assert len(pages) > 3
    for path, text in pages:
        assert [] == re.findall(r"""(?:src|action)=["'](?:https?:)?//[^"']+""", text), path
        assert [] == re.findall(r"""<link[^>]+href=["'](?:https?:)?//""", text), path
        assert [] == re.findall(r"""<[^>]+\s(?:style|on[a-z]+)=["']""", text), path
    assert before == digest()


@pytest.mark.django_db
def test_who_reads_nothing_of_the_trail_leaves_no_event(as_: As) -> None:
    client, before = as_("lead"), Event.objects.count()
    for _ in crawl(client):
        pass

    assert before == Event.objects.count()


# Headers and cookies -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/login/", "/", "/nothing-here/", "/manage/audit/", "/static/kit/app.css", "/static/absent.css", "/api/v1/", "/health/live/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_every_answer_carries_the_headers(as_: As, path: str, method: str) -> None:
    answer = as_("lead").generic(method, path)
    answer.close()

    assert answer.status_code < 500
    assert HEADERS.items() <= dict(answer.items()).items()
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not {"Server", "X-Powered-By"} & set(answer.headers)


@pytest.mark.django_db
def test_what_static_files_are_is_kept_and_what_pages_say_is_not(as_: As) -> None:
    client = as_("lead")

    assert "no-store" == client.get("/")["Cache-Control"]
    style = client.get("/static/kit/app.css")
    style.close()
    assert "max-age" in style["Cache-Control"]


@pytest.mark.django_db
def test_cookies_are_for_the_server_and_for_this_site_only(client: Client, people: dict[str, Person]) -> None:
    people["editor"].set_password("three calm rivers")
    people["editor"].password_until = None
    people["editor"].save()
    client.get("/login/")
    client.post("/login/", {"username": "editor", "password": "three calm rivers"})

    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (True, "Lax", "/", "") == (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
    assert "" == client.cookies[settings.SESSION_COOKIE_NAME]["max-age"], "a session ends with the browser"


def said(code: str, **environment: str) -> str:
    """What the settings say in a process of their own."""
    home = {"LIANTU_HOME": environment.pop("LIANTU_HOME")}
    env = {**os.environ, **home, **environment, "DJANGO_SETTINGS_MODULE": "liantu.web.config.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_behind_tls_cookies_carry_the_host_prefix_and_the_browser_stays_with_tls(tmp_path: Path) -> None:
    code = """from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT, s.DEBUG)"""

    assert "__Host-session __Host-csrf True True 31536000 True False" == said(code, LIANTU_HOME=str(tmp_path), LIANTU_TLS="1").strip()


def test_django_itself_finds_nothing_to_warn_of(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "liantu.web", "check", "--deploy", "--fail-level", "WARNING"]
    env = {**os.environ, "LIANTU_HOME": str(tmp_path), "LIANTU_TLS": "1", "DJANGO_SETTINGS_MODULE": "liantu.web.config.settings"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)

    assert 0 == done.returncode, done.stderr


def test_keys_are_made_at_first_start_for_their_owner_alone(tmp_path: Path) -> None:
    code = "from django.conf import settings as s; print(s.SECRET_KEY, s.TOTP_KEY, s.ANCHOR_KEY)"
    first, second = said(code, LIANTU_HOME=str(tmp_path / "a")), said(code, LIANTU_HOME=str(tmp_path / "b"))

    assert first == said(code, LIANTU_HOME=str(tmp_path / "a"))
    assert not set(first.split()) & set(second.split())
    assert {3} == {len(set(first.split()))} and all(len(key) >= 50 for key in first.split())
    assert {0o600} == {path.stat().st_mode & 0o777 for path in (tmp_path / "a").glob("*.key")}
    assert 0o700 == (tmp_path / "a").stat().st_mode & 0o777


# Requests that should not be ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_request_for_another_host_is_refused(client: Client) -> None:
    answer = client.get("/login/", HTTP_HOST="elsewhere.example")

    assert 400 == answer.status_code
    assert b"elsewhere" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login/", "/account/password/", "/manage/people/new/", "/account/settings/"])
def test_a_form_from_elsewhere_is_refused_before_anything_is_done(people: dict[str, Person], path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["system"])

    assert 403 == client.post(path, {"reason": "x"}, HTTP_ORIGIN="https://elsewhere.example").status_code


@pytest.mark.django_db
def test_too_many_fields_and_too_long_a_body_are_refused(client: Client) -> None:
    assert 400 == client.post("/login/", {f"field{number}": "x" for number in range(1_001)}).status_code
    assert client.post("/login/", "x" * 3_000_000, content_type="application/x-www-form-urlencoded").status_code in {400, 413}
    files = {f"file{number}": SimpleUploadedFile("a", b"a") for number in range(21)}
    assert 400 == client.post("/login/", files).status_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/manage/audit/?since=%00",
        "/manage/audit/?before=-1&since=x",
        "/manage/people/?q=%00%01&page=9999999999&sort=;",
        "/login/?next=//x",
        "/manage/calendar/?year=²",
    ],
)
def test_an_address_with_nonsense_in_it_never_breaks_the_server(as_: As, path: str) -> None:
    for who in ("lead", "auditor"):
        client = as_(who)
        client.raise_request_exception = False
        assert client.get(path).status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize(("proxy", "address"), [(False, "127.0.0.1"), (True, "10.0.0.7")])
def test_only_our_own_proxy_says_where_a_request_came_from(as_: As, settings: object, proxy: bool, address: str) -> None:
    settings.PROXY = proxy
    as_("auditor").get("/manage/audit/", HTTP_X_FORWARDED_FOR="1.2.3.4, 10.0.0.7")

    assert address == Event.objects.latest("seq").address


# What goes wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status"), [(RuntimeError("secret detail /etc/passwd"), 500), (OperationalError("password of the database"), 503)]
)
def test_a_fault_tells_its_number_and_nothing_from_inside(as_: As, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int) -> None:
    def broken(_: object) -> None:
        raise fault

    monkeypatch.setattr("liantu.web.accounts.queries.held", broken)
    client = as_("lead")
    client.raise_request_exception = False
    answer = client.get("/account/")
    text = answer.content.decode()

    assert status == answer.status_code
    assert answer["X-Request-Id"] in text
    assert HEADERS.items() <= dict(answer.items()).items()
    assert [] == [
        word for word in ("secret", "passwd", "password", "Traceback", "Error", "liantu.web", "Django", "sqlite", "psycopg") if word in text
    ]
    assert ("30" if status == 503 else None) == answer.get("Retry-After")


def test_debug_is_never_on_whatever_the_environment_says(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.DEBUG)"

    assert "False" == said(code, LIANTU_HOME=str(tmp_path), DEBUG="1", DJANGO_DEBUG="1", LIANTU_DEBUG="1").strip()


def test_no_secret_lies_in_the_tree() -> None:
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    shapes = re.compile(
        rb"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|(?<![A-Za-z_])lt_[A-Za-z0-9_-]{40,}|ghp_[A-Za-z0-9]{36}|SECRET_KEY\s*=\s*[\"'][^\"']{20,}"
    )
    texts = [ROOT / name for name in kept if name and (ROOT / name).is_file() and (ROOT / name).stat().st_size < 2_000_000]

    assert [] == [path.name for path in texts if path.suffix not in {".png", ".xlsx", ".xls"} and shapes.search(path.read_bytes())]


# Writes ------------------------------------------------------------------------------------------------------------

WEB = ROOT / "src" / "liantu" / "web"
WRITES = {"save", "bulk_create", "update_or_create", "get_or_create", "bulk_update"}
# When a session was last used, at most once a minute: not an act.
NO_ACTION = {"accounts/sessions.py"}


def writes(tree: ast.AST) -> Iterator[str]:
    """Calls that write to the database."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            said_ = ast.unparse(node.func)
            of_rows = ".objects." in said_ or ".filter(" in said_
            if node.func.attr in WRITES or (of_rows and node.func.attr in {"create", "update", "delete"}):
                yield said_


def test_only_actions_write_to_the_database() -> None:
    modules = [path for path in WEB.rglob("*.py") if "actions" not in path.as_posix() and path.parent.name != "migrations"]
    found = {path.relative_to(WEB).as_posix(): list(writes(ast.parse(path.read_text("utf-8")))) for path in modules}

    assert {} == {name: calls for name, calls in found.items() if calls and name not in NO_ACTION}
