"""What people do, in a real browser: sign in, find their way by keyboard, change a figure, have something computed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browser.conftest import Opened
from tests.web.browser.running import WITHIN_MS, Workbench, sign_in

pytestmark = pytest.mark.chromium
FOCUSED = "document.activeElement.dataset.node"


def test_who_signs_in_comes_to_the_page_asked_for_and_signs_out_again(browser: Browser, workbench: Workbench) -> None:
    page = browser.new_page()
    page.set_default_timeout(WITHIN_MS)
    page.goto(workbench.at("/registers/"))
    assert "/login/" in page.url
    sign_in(page, workbench, "lead")
    page.goto(workbench.at("/registers/"))
    page.click(".tree .me button")
    page.wait_for_url("**/login/**")
    page.goto(workbench.at("/registers/"))
    assert "/login/" in page.url
    page.close()


def test_a_wrong_password_is_told_without_telling_which_half_was_wrong(browser: Browser, workbench: Workbench) -> None:
    page = browser.new_page()
    page.set_default_timeout(WITHIN_MS)
    told = []
    for name in ("reviewer", "nobody of that name"):
        page.goto(workbench.at("/login/"))
        page.fill("[name=username]", name)
        page.fill("[name=password]", "not it at all")
        page.press("[name=password]", "Enter")
        told.append(page.locator("[role=alert]").inner_text())
    assert told[0] == told[1] != ""
    page.close()


def test_the_first_stop_of_the_keyboard_leads_past_the_tree(visit: Opened) -> None:
    page = visit("/registers/", "viewer").page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('main'))")


def test_the_chain_map_is_one_stop_and_is_walked_by_arrows(visit: Opened) -> None:
    page = visit("/chain/", "viewer").page
    assert 1 == page.locator("[data-node][tabindex='0']").count()
    first = page.locator(".columns .stage").first.locator("[data-node]").first
    first.focus()
    start = page.evaluate(FOCUSED)
    page.keyboard.press("ArrowRight")
    there = page.evaluate(FOCUSED)
    assert there != start
    page.keyboard.press("ArrowLeft")
    assert start == page.evaluate(FOCUSED)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"node={there}"))
    expect(page.locator(f"[data-node='{there}']")).to_have_attribute("aria-current", "true")
    assert there == page.evaluate(FOCUSED)


def test_escape_closes_the_sheet_of_a_phone(visit: Opened) -> None:
    page = visit("/chain/", "viewer", width=390).page
    card = page.locator("[data-node]").nth(2)
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel.is-open")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel.is-open")).to_have_count(0)


def test_the_theme_is_switched_and_stays_so(visit: Opened) -> None:
    page = visit("/registers/", "viewer").page
    page.click("[data-theme-switch]")
    page.reload()
    assert "dark" == page.locator("html").get_attribute("data-theme")


def test_the_language_is_switched_on_the_page_itself(visit: Opened) -> None:
    page = visit("/registers/plants/?q=a", "viewer").page
    page.click("header button[lang=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/registers/plants/?q=a")


def test_a_figure_is_changed_with_a_reason_and_its_history_says_so(visit: Opened) -> None:
    page = visit("/registers/plants/{plant}/edit/", "editor").page
    page.fill("[name=c_capacity]", "12345")
    page.press("[name=c_capacity]", "Enter")
    expect(page.locator("[aria-invalid=true][name=reason]")).to_be_visible()
    page.fill("[name=reason]", "核对过铭牌")
    page.press("[name=reason]", "Enter")
    page.wait_for_url("**/plants/*/")
    text = page.locator("main").inner_text()
    assert "12,345" in text
    assert "核对过铭牌" in text


def test_a_double_click_saves_once_and_says_so(visit: Opened) -> None:
    page = visit("/registers/plants/new/", "editor").page
    for name, value in {
        "c_id": "twice", "c_firm": "anneng_ganfeng", "c_process": "refine_mica_sulfate", "c_site": "pk_linwu_gxq", "c_capacity": "5",
        "c_unit": "t/a", "reason": "双击",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.select_option("[name=c_status]", "operating")
    page.dblclick("main form button.primary")
    page.wait_for_url(re.compile(r"/plants/\d+/$"))
    assert "双击" in page.locator("main").inner_text()


def test_a_run_is_folded_into_its_sections_and_opened_by_one_press(visit: Opened) -> None:
    page = visit("/runs/{run}/", "editor", lang="en").page
    assert 1 == page.locator(".fold[open]").count() < page.locator(".fold").count()
    page.click("[data-unfold]")
    assert page.locator(".fold[open]").count() == page.locator(".fold").count()
    page.get_by_role("button", name="Fold all").click()
    assert 0 == page.locator(".fold[open]").count()


def test_in_english_scenario_and_version_stand_whole_at_1280(visit: Opened) -> None:
    page = visit("/chain/", "editor", lang="en", width=1280).page
    for name in ("scenario", "version"):
        drawn, whole = page.locator(f"select[name={name}]").evaluate(
            "one => { const free = one.cloneNode(true); free.style.cssText = 'position:absolute;width:max-content;max-width:none';"
            " one.after(free); const sizes = [one.offsetWidth, free.offsetWidth]; free.remove(); return sizes; }"
        )
        assert drawn >= whole - 1, name


def test_what_was_never_computed_is_asked_for_and_shows_itself_when_it_is_done(visit: Opened) -> None:
    visited = visit("/chain/?year=2035", "editor", lang="en")
    page = visited.page
    assert 0 == page.locator("[data-node]").count()
    page.click("main form[action$='/runs/ask/'] button")
    expect(page.locator("[data-node]").first).to_be_visible(timeout=2 * WITHIN_MS)
    assert [] == visited.messages
