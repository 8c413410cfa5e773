"""Nothing of a stranger's notebook calls a server, whatever page of the course shows it.

The hand-in tries it in its text, outputs, code, exceptions, attachments and metadata; see hostile.py.
"""

import hostile
import nbformat
import pytest
from hands import BOLT, BUBBLE, NAME, open_list, open_submission, press
from nbconvert import HTMLExporter
from playwright.sync_api import expect

#: Links of a page that would run something.
SCRIPTS = """[...document.querySelectorAll("[href]")].map(it => it.getAttribute("href")).filter(
  href => href.trim().toLowerCase().startsWith("javascript:") && href !== "javascript:void(0)")"""


@pytest.fixture
def assert_silent(page, canary):
    """Look at an address until nothing moves in it any more."""

    def look(address, *expected):
        page.goto(address)
        for text in expected:
            expect(page.locator("body")).to_contain_text(text)
        page.wait_for_load_state("networkidle")
        assert page.evaluate(SCRIPTS) == []
        assert canary.arrived == []
        return page

    return look


def test_the_canary_hears_of_every_way(page, canary):
    """What nbconvert, and so nbgrader, makes of such cells where nobody takes care."""
    cells = {"cells": hostile.cells(canary.origin), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    canary.page = HTMLExporter().from_notebook_node(nbformat.from_dict(cells))[0].encode()
    page.goto(f"{canary.origin}/page")
    for link in page.get_by_role("link", name="here").all():
        link.click()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SCRIPTS)
    heard = set(canary.arrived)
    canary.arrived.clear()
    assert heard == hostile.ways()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (f"manage_submissions/{NAME}", "mallory"),
        ("manage_students/mallory", NAME),
        (f"gradebook/{NAME}/{NAME}", "Submission #"),
    ],
)
def test_lists_of_the_formgrader(assert_silent, lab, path, text):
    assert_silent(lab.url(f"formgrader/{path}"), text)


def test_a_student_whose_name_is_markup_is_refused(page, lab, canary):
    open_list(page, lab, f"manage_submissions/{NAME}")
    said = press(page, hostile.name(canary.origin), BOLT)
    assert "its folder has no name that can be used" in said


@pytest.mark.parametrize(("student", "text"), [("mallory", "ValueError: <script"), ("eve", "0 / 5")])
def test_a_submission_and_its_feedback(assert_silent, page, lab, course, camera, student, text):
    """Mallory's notebook is hostile; of eve's, the file's name."""
    open_submission(page, lab, student)
    assert_silent(page.url, text)
    camera.take(f"hostile-{student}", page.locator(".nbgrader_cell").last, schemes=("light",))
    open_list(page, lab, f"manage_submissions/{NAME}")
    assert "Success" in press(page, student, BUBBLE)
    assert_silent((course / "feedback" / student / NAME / f"{NAME}.html").as_uri(), text)


def test_the_graded_notebook_in_jupyterlab(assert_silent, lab):
    """Where formulas are typeset, too."""
    path = f"autograded/mallory/{NAME}/{NAME}.ipynb"
    assert_silent(lab.url(f"doc/workspaces/mallory/tree/{path}"), "ValueError: <script", "Before you hand in")


@pytest.mark.parametrize("page_of", ["index", "students/mallory", "feedback/mallory", "feedback/eve"])
def test_pages_of_our_report(assert_silent, report, page_of):
    assert_silent((report / f"{page_of}.html").as_uri(), page_of.partition("/")[2] or "mallory")
