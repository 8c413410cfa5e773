"""The page as a file: whole, alone, for every screen and for everybody."""

import re

import pytest
from page_in_hand import Page

from grader import play


def test_one_file_that_asks_for_nothing(page):
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"https?://[^\s\"'<>]+", text) == ["http://www.w3.org/2000/svg"]  # a name, not a place
    assert not re.search(r"\ssrc=|@import|url\(|<link|<img|<iframe|fetch\(|XMLHttp|import\(", text)
    assert set(re.findall(r'href="(.)', text)) == {"#"}
    assert not re.search(r"\{\{\w+\}\}", text)  # every place of the template is filled


def test_its_policy_lets_no_other_script_run(browser, page):
    assert "default-src 'none'" in page.read_text(encoding="utf-8")
    browser.open(page)
    browser.errors.clear()
    made = "Object.assign(document.createElement('script'), {textContent: 'ran = 1'})"
    browser.js(f"document.head.append({made})")
    assert browser.js("typeof ran") == "undefined"
    assert any("Content Security Policy" in error for error in browser.errors)
    browser.errors.clear()


@pytest.mark.parametrize("width", [360, 768, 1000, 1400])
def test_nothing_reaches_beyond_a_screen(browser, page, width):
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.call("Emulation.setDeviceMetricsOverride", **size)
    browser.open(page)
    opened = Page(browser)
    opened.go("#anywhere")
    for preset in range(4):
        opened.go_to_preset(preset)
        right = "it.closest('svg, figure, .scroll, .beside') ? 0 : it.getBoundingClientRect().right"
        assert max(opened.all("body *", right)) <= width  # the exceptions scroll by themselves
        assert browser.js("document.documentElement.scrollWidth") <= width
    browser.call("Emulation.clearDeviceMetricsOverride")


def test_everything_that_can_be_used_has_a_name(browser, page):
    browser.open(page)
    used = {"button", "combobox", "textbox", "spinbutton", "link"}
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    names = [node.get("name", {}).get("value") for node in nodes if node["role"]["value"] in used]
    assert len(names) > 40
    assert all(names)


def test_it_is_written_whole_and_again(tmp_path):
    path = play.write(tmp_path / "new" / "folder")
    assert path.name == "play.html"
    assert path.read_text(encoding="utf-8") == play.page()
    assert play.write(path.parent) == path
