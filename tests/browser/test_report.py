"""The pages of ``roikit grade``: for the instructor, about a student, for the student."""

import pytest
from playwright.sync_api import expect

PAGES = ("index", "students/jun", "feedback/jun")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Of every text the contrast with what is behind it, by the formula of WCAG 2; the least and where it is.
CONTRAST = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = rgb => rgb.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = it => {
    for (; it; it = it.parentElement) {
      const colour = numbers(getComputedStyle(it).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  };
  const seen = it => !it.closest("svg") && it.checkVisibility();
  const says = it => [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  const texts = [...document.body.querySelectorAll("*")].filter(seen).filter(says);
  return texts.map(it => {
    const [a, b] = [light(numbers(getComputedStyle(it).color)), light(behind(it))];
    return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), it.outerHTML.slice(0, 120)];
  }).sort((one, other) => one[0] - other[0])[0];
}"""


@pytest.fixture
def opened(page, watcher, report):
    """Open a page, which asks nobody for anything."""

    def open_page(name):
        page.goto((report / f"{name}.html").as_uri())
        expect(page.locator("h1").first).to_be_visible()
        return page

    yield open_page
    assert watcher.outside == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_readable_at_every_width_in_every_scheme(opened, camera, name):
    page = opened(name)
    camera.take(f"report-{name.replace('/', '-')}")
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate(OVERFLOW) <= 0
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        contrast, where = page.evaluate(CONTRAST)
        assert contrast >= 4.5, where


def test_the_class_page_leads_to_a_students_page_and_to_what_the_student_reads(opened):
    page = opened("index")
    page.get_by_role("link", name="jun").first.click()
    expect(page.locator("h1").first).to_contain_text("jun")
    expect(page.locator("body")).to_contain_text("7 cells into 2 bins are 3 + 4 cells")
    assert page.locator("svg").count() + page.locator("img").count() > 0
