"""What an instructor's hands do in the formgrader."""

import re

from playwright.sync_api import expect

NAME = "roi_pool"
BOLT, BUBBLE = ".glyphicon-flash", ".glyphicon-comment"


def open_list(page, lab, path):
    """A page of the formgrader with a table; returns when that is filled."""
    page.goto(lab.url(f"formgrader/{path}"))
    expect(page.locator("#main-table")).not_to_contain_text("Loading")


def open_submission(page, lab, student):
    """A student's notebook, by the links that lead there."""
    open_list(page, lab, f"manage_students/{student}/{NAME}")
    page.locator("#main-table").get_by_role("link", name=NAME).click()
    for box in ("input.score", "textarea.comment"):  # its script has come so far: what is typed now is saved
        expect(page.locator(box).first).to_have_attribute("placeholder", re.compile("."))


def row(page, student):
    cell = page.locator("td.student-id").get_by_text(student, exact=True)
    return page.locator("#main-table tr").filter(has=cell)


def press(page, student, button):
    """Press a button of a student's row and wait for the dialog; what that says, closed again."""
    row(page, student).locator(button).click()
    dialog = page.locator(".modal-dialog")
    expect(dialog).to_be_visible()
    said = dialog.inner_text()
    dialog.get_by_role("button", name="OK").click()
    expect(dialog).to_be_hidden()
    return said
