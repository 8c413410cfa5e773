"""nbgrader's formgrader, in JupyterLab, by an instructor's hand: roikit's scores, tables and pictures."""

import pytest
from hands import BOLT, BUBBLE, NAME, open_list, open_submission, press, row
from nbgrader.api import Gradebook
from playwright.sync_api import expect


@pytest.fixture
def gradebook(course):
    """Automatic score, a person's score, and whether one is waited for."""

    def read(student, item):
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grade = book.find_grade(item, NAME, NAME, student)
            return grade.auto_score, grade.manual_score, grade.needs_manual_grade

    return read


def outcome(page, item):
    """What stands below the check of an item."""
    return page.locator(".cell").filter(has=page.locator(f"#{item}")).last


def test_it_opens_in_jupyterlab_and_lists_the_assignment(page, lab, camera):
    page.goto(lab.url("lab/workspaces/formgrader"))
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Formgrader").click()
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="Manage Assignments")).to_be_visible()
    expect(inside.get_by_role("link", name=NAME)).to_be_visible()
    camera.take("formgrader-in-jupyterlab", schemes=("light",))


def test_its_lists(page, lab, camera):
    open_list(page, lab, "manage_assignments")
    expect(page.locator("#main-table .num-submissions")).to_have_text("6")
    camera.take("formgrader-assignments", schemes=("light",))
    open_list(page, lab, "gradebook")
    expect(page.get_by_role("link", name=NAME)).to_be_visible()
    open_list(page, lab, f"gradebook/{NAME}/{NAME}")
    expect(page.locator("#main-table tr")).not_to_have_count(0)
    camera.take("formgrader-gradebook", schemes=("light",))


def test_autograde_by_its_button(page, lab, camera, gradebook):
    open_list(page, lab, f"manage_submissions/{NAME}")
    expect(row(page, "lena").locator(".status")).to_have_text("needs autograding")
    assert "Successfully autograded 'roi_pool' for student 'lena'" in press(page, "lena", BOLT)
    expect(row(page, "lena").locator(".score")).to_have_text("29.25 / 48")
    assert gradebook("lena", "pool_bins") == (0.75, None, False)
    assert gradebook("lena", "roi_pool") == (9.5, None, False)
    camera.take("formgrader-submissions", schemes=("light",))


def test_a_submission_has_our_outcomes_and_picture(page, lab, camera):
    open_submission(page, lab, "jun")
    expect(page.locator("#bin_edges")).to_have_attribute("placeholder", "0")
    found = outcome(page, "bin_edges")
    expect(found).to_contain_text("7 cells into 2 bins are 3 + 4 cells")
    picture = found.locator("img, svg").first
    expect(picture).to_be_visible()
    assert picture.bounding_box()["width"] > 300
    camera.take("formgrader-submission", found, height=1600)


def test_a_grade_and_a_comment_by_hand_are_kept_through_a_regrade(page, lab, gradebook):
    open_submission(page, lab, "jun")
    with page.expect_response("**/api/comment/*"):
        page.locator("textarea.comment").last.fill("Which 25?")
        page.keyboard.press("Tab")
    with page.expect_response("**/api/grade/*"):
        page.locator("#what_is_lost").fill("2.5")
        page.keyboard.press("Tab")
    by_hand = gradebook("jun", "what_is_lost")
    assert by_hand[1:] == (2.5, False)
    open_list(page, lab, f"manage_submissions/{NAME}")
    expect(row(page, "jun").locator(".score")).to_have_text("25.75 / 48")
    assert "Success" in press(page, "jun", BOLT)
    expect(row(page, "jun").locator(".score")).to_have_text("25.75 / 48")
    assert gradebook("jun", "what_is_lost") == by_hand
    open_submission(page, lab, "jun")
    expect(page.locator("#what_is_lost")).to_have_value("2.5")
    expect(page.locator("textarea.comment").last).to_have_value("Which 25?")


def test_feedback_by_its_button(page, lab, course, camera):
    open_list(page, lab, f"manage_submissions/{NAME}")
    assert "Successfully generated feedback" in press(page, "jun", BUBBLE)
    page.goto((course / "feedback" / "jun" / NAME / f"{NAME}.html").as_uri())
    found = page.locator("td, .output_area").filter(has_text="7 cells into 2 bins are 3 + 4 cells")
    expect(found.first).to_be_visible()
    camera.take("feedback")
