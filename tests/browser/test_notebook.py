"""The released notebook in JupyterLab, by a student's hand: "Run All Cells", before and after the work."""

import json
import re
import shutil

import pytest
from playwright.sync_api import expect

from grader import assignment

NAME = "roi_pool"
ITEMS = ("quantize_roi", "bin_edges", "pool_bins", "roi_pool", "other_splits", "roi_pool_caffe")

#: Torchvision's bins, where the course asks for others.
OVERLAPPING = """
def bin_edges(length, bins):
    return [(p * length // bins, -(-(p + 1) * length // bins)) for p in range(bins)]
"""


@pytest.fixture
def notebook(page, lab, course):
    """Open a student's copy of what is released; `edit` has changed its cells."""

    def open_notebook(student, edit=lambda cells: None):
        folder = course / "at_home" / student
        shutil.copytree(course / "release" / NAME, folder)
        path = folder / f"{NAME}.ipynb"
        content = json.loads(path.read_text(encoding="utf-8"))
        edit(content["cells"])
        path.write_text(json.dumps(content), encoding="utf-8")
        page.goto(lab.url(f"doc/workspaces/{student}/tree/at_home/{student}/{NAME}.ipynb"))
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")  # the kernel
        return page

    return open_notebook


def fill_in(cells):
    """The instructor's answers."""
    source = assignment.find(NAME) / f"{NAME}.ipynb"
    answers = {mark(cell): cell["source"] for cell in json.loads(source.read_text(encoding="utf-8"))["cells"]}
    for cell in cells:
        if mark(cell) and cell["cell_type"] == "code":
            cell["source"] = answers[mark(cell)]


def begin(cells):
    """The first step is right, the second is not, the others are as they were handed out."""
    fill_in(cells[: 1 + [mark(cell) for cell in cells].index("quantize_roi")])
    for cell in cells:
        if mark(cell) == "solve_bin_edges":
            cell["source"] = OVERLAPPING


def mark(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def run_all(page):
    """By the menu; returns when every cell has run."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    expect(prompts.filter(has_text=re.compile(r"\[[ *]\]"))).to_have_count(0)
    expect(prompts.last).to_have_text(re.compile(r"\[\d+\]:"))


def said(page, item):
    """The output of an item's check."""
    asked = page.locator(".jp-InputArea-editor").filter(has_text=f'check("{item}")')
    return page.locator(".jp-CodeCell").filter(has=asked).locator(".jp-Cell-outputWrapper")


def follow(page):
    """JupyterLab has taken on the scheme, which it is told to do with the system's."""
    return lambda scheme: page.wait_for_function(
        "scheme => document.body.dataset.jpThemeLight === String(scheme === 'light')", arg=scheme
    )


def test_run_all_before_the_work_is_done(notebook, camera):
    """Every check says its first hint, where and why on a click; none keeps the next from running."""
    page = notebook("beginner", begin)
    run_all(page)
    for item in ITEMS[2:]:
        expect(said(page, item)).to_contain_text("is not written yet")
    camera.take("notebook-unsolved", said(page, "pool_bins"), height=1800, ready=follow(page))
    expect(said(page, "quantize_roi")).to_contain_text("quantize_roi: 2 of 2 checks passed")
    wrong = said(page, "bin_edges")
    expect(wrong).to_contain_text("bin 0, end: expected 3, got 4")
    expect(wrong).to_contain_text("These are overlapping bins")
    picture = wrong.locator("svg").first
    expect(picture).to_be_hidden()
    camera.take("notebook-wrong", wrong, height=1800, ready=follow(page))
    for fold in wrong.locator("summary").all():
        fold.click()
    expect(picture).to_be_visible()
    camera.take("notebook-wrong-unfolded", wrong, height=1800, ready=follow(page))


def test_run_all_after_the_work(notebook, camera):
    page = notebook("finisher", fill_in)
    run_all(page)
    for item in ITEMS:
        expect(said(page, item)).to_contain_text(re.compile(rf"{item}: (\d+) of \1 checks passed"))
    camera.take("notebook-solved", said(page, "bin_edges"), height=1800, ready=follow(page))
    camera.take("notebook-solved-page", height=1800, ready=follow(page))
