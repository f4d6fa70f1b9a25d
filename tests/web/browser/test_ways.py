"""The long ways, from the first page to the last, in a real browser: what several people or several steps do together."""

from __future__ import annotations

import base64
import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from liantu.web.accounts import totp
from tests.web.browser.conftest import Opened
from tests.web.browser.filled import PASSWORD
from tests.web.browser.running import WITHIN_MS, Workbench, sign_in

pytestmark = pytest.mark.chromium
FIRMS = "编号,中文名\nway-firm,远道来的企业\n"
HOSTILE = (
    ("firms.exe", b"MZ\x90\x00", "firms.exe"),
    ("firms.xlsx", b"not a workbook at all", "firms.xlsx"),
    ("firms.zip", b"PK\x03\x04\xff\xff\xff\xff", "firms.zip"),
    ("firms.csv", b"", "firms.csv"),
    ("firms.json", b'{"firms": ' + b"[" * 10_000, "firms.json"),
    ("<script>alert(1)</script>.xlsx", b"PK", "<script>"),
)
MAGIC = {"html": b"<!DOCTYPE html>", "xlsx": b"PK\x03\x04", "docx": b"PK\x03\x04", "pdf": b"%PDF-"}
SLOW_MS = 2 * WITHIN_MS


def because(page: Page, button: str, reason: str, **more: str) -> None:
    """Open an act that asks for its reason, give it, and do it."""
    act = page.locator("details.act", has=page.locator("summary", has_text=button))
    act.locator("summary").click()
    for name, text in {**more, "reason": reason}.items():
        act.locator(f"[name={name}]").fill(text)
    act.locator("form button").click()


def test_a_file_is_sent_matched_checked_entered_and_taken_back_as_a_whole(visit: Opened) -> None:
    page = visit("/imports/", "editor").page
    page.set_input_files("[name=file]", {"name": "firms.csv", "mimeType": "text/csv", "buffer": FIRMS.encode()})
    page.click("main form.record-form button")
    expect(page.locator(".steps [aria-current]")).to_contain_text("对表头", timeout=SLOW_MS)
    page.get_by_role("button", name="看检查").click()
    expect(page.locator(".steps [aria-current]")).to_contain_text("看检查", timeout=SLOW_MS)
    expect(page.locator(".conclusion")).to_have_text("1 行里 1 行可以入库。")
    because(page, "入库 1 行", "企业来信")
    expect(page.locator(".conclusion")).to_contain_text("1 行已入库", timeout=SLOW_MS)
    done = page.url
    page.goto(re.sub(r"/imports/.*", "/registers/firms/?q=way-firm", done))
    expect(page.locator("td.as-name")).to_have_text("远道来的企业")
    page.goto(done)
    because(page, "整批撤销", "来信有误")
    expect(page.locator(".conclusion")).to_contain_text("已整批撤销", timeout=SLOW_MS)
    page.goto(re.sub(r"/imports/.*", "/registers/firms/?q=way-firm", done))
    expect(page.locator("td.as-name")).to_have_count(0)


@pytest.mark.parametrize(("name", "content", "told"), HOSTILE)
def test_a_hostile_file_is_refused_on_the_page_in_words(visit: Opened, name: str, content: bytes, told: str) -> None:
    visited = visit("/imports/", "editor")
    page = visited.page
    page.set_input_files("[name=file]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    with page.expect_response(lambda one: "POST" == one.request.method) as sent:
        page.click("main form.record-form button")
    assert 400 <= sent.value.status < 500
    expect(page.locator(".conclusion b.tone-red")).not_to_be_empty()
    expect(page.locator(".reckoned")).not_to_be_empty()
    assert 0 == page.locator("main script:not([type])").count()


def test_a_report_is_fetched_in_each_of_its_forms(visit: Opened) -> None:
    page = visit("/reports/{paper}/", "viewer").page
    links = [str(one.get_attribute("href")) for one in page.locator("main td.as-name a").all()]
    for form, magic in MAGIC.items():
        href = next(one for one in links if form in one)
        answer = page.request.get(re.sub(r"(://[^/]+).*", r"\1", page.url) + href)
        assert answer.ok
        assert answer.body().lstrip().startswith(magic), form
    assert len(MAGIC) == len(links)


def test_a_scenario_is_written_checked_computed_and_compared(visit: Opened) -> None:
    page = visit("/scenarios/new/", "editor").page
    page.fill("[name=name]", "电芯减半")
    page.fill("[name=reason]", "看看锂盐多出多少")
    page.fill("[name='0-rows']", "process=make_cell_lfp")
    page.fill("[name='0-column']", "产能")
    page.select_option("[name='0-operation']", "times")
    page.fill("[name='0-value']", "50%")
    page.get_by_role("button", name="保存并检查").click()
    expect(page.locator(".conclusion")).to_have_text("1 处改动，都可以生效。", timeout=SLOW_MS)
    page.get_by_role("link", name="与现状比较").click()
    page.get_by_role("button", name="现在算").click()
    expect(page.get_by_role("heading", name="关键数字")).to_be_visible(timeout=SLOW_MS)
    expect(page.locator(".conclusion")).not_to_contain_text("没有差别")


def test_a_wish_is_asked_watched_and_answered_with_what_stops_it(visit: Opened) -> None:
    page = visit("/plan/?first=2026&last=2028", "editor").page
    form = page.locator("#why form.ask")
    form.locator("[name=want]").select_option("cell_lfp")
    form.locator("[name=amount]").fill("900 GWh")
    form.locator("[name=make]").check()
    form.locator("button").click()
    page.locator("#why form[action$='/runs/ask/'] button").click()
    expect(page.locator("#why .lead")).not_to_be_empty(timeout=SLOW_MS)
    expect(page.locator("#why .reasons li").first).to_be_visible()


def test_an_authenticator_is_set_up_and_asked_for_from_then_on(browser: Browser, workbench: Workbench) -> None:
    context = browser.new_context()
    context.set_default_timeout(WITHIN_MS)
    page = context.new_page()
    sign_in(page, workbench, "compliance")
    page.goto(workbench.at("/account/authenticator/"))
    key = base64.b32decode(page.locator("main code").inner_text().replace(" ", ""))
    step = int(time.time() // totp.STEP)
    page.fill("[name=code]", totp.code(key, step))
    page.press("[name=code]", "Enter")
    expect(page.locator("main ol code")).to_have_count(totp.RECOVERY_CODES)
    context.clear_cookies()
    for code, opens in (("", False), (totp.code(key, step), False), (totp.code(key, step + 1), True)):
        page.goto(workbench.at("/login/"))
        page.fill("[name=username]", "compliance")
        page.fill("[name=password]", PASSWORD)
        page.fill("[name=code]", code)
        page.press("[name=code]", "Enter")
        expect(page.locator(".tree .me" if opens else "[role=alert]")).to_be_visible()
    context.close()


def test_a_version_is_put_forward_by_one_and_published_by_another(visit: Opened) -> None:
    page = visit("/registers/firms/?q=", "editor").page
    page.locator("td.as-name a").first.click()
    page.get_by_role("link", name="修改", exact=True).click()
    page.fill("[name=c_note]", "电话核对过")
    page.fill("[name=reason]", "电话核对")
    page.press("[name=reason]", "Enter")
    page.goto(re.sub(r"/registers/.*", "/versions/", page.url))
    because(page, "提出新版", "十一月调度用", name="十一月调度")
    expect(page.locator("main table")).to_contain_text("待发布", timeout=SLOW_MS)
    page.get_by_role("link", name="十一月调度").click()
    expect(page.locator("main")).to_contain_text("须由另一人发布")
    other = visit(re.sub(r"^[^/]+//[^/]+", "", page.url), "lead").page
    because(other, "发布", "已核对差异")
    expect(other.locator(".conclusion")).to_contain_text("已发布")
    page.reload()
    expect(page.locator(".conclusion")).to_contain_text("已发布")
