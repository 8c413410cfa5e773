"""A real class with wrong submissions: whatever a student gets to see holds nothing of the hidden tests but
their ideas. Not in the feedback pages, not in the notebooks, not in comments, not in nbgrader's pages.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig

import pytest
from nbgrader.api import Gradebook

from grader import assignment, pipeline
from grader.errors import SandboxError
from grader.intake import collect
from grader.nbgrader_bridge import write_gradebook
from grader.report import html
from grader.sandbox import choose_rung

#: Wrong as people are wrong, and one that prints and raises all it gets to see.
STUDENTS = ("emil", "goran", "hana", "lena")
SPY = """
import numpy as np

def quantize_roi(roi, spatial_scale):
    print("SEEN{", *roi, spatial_scale, "}")
    return (0, 0, 0, 0)

def bin_edges(length, bins):
    raise ValueError(f"SEEN{{ {length} {bins} }}")
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """The class, graded, with everything that is found."""
    folder = tmp_path_factory.mktemp("class")
    sample = assignment.home() / assignment.SAMPLE_CLASS
    for student in STUDENTS:
        shutil.copytree(sample / student / "roi_pool", folder / student / "roi_pool")
    (folder / "spy" / "roi_pool").mkdir(parents=True)
    (folder / "spy" / "roi_pool" / "roi_pool.py").write_text(SPY)
    try:
        rung = choose_rung("auto")
    except SandboxError:
        rung = choose_rung("reduced")
    with collect.hand_ins(folder, "roi_pool") as hand_ins:
        return pipeline.grade_class(pipeline.Plan(assignment.load("roi_pool"), rung, 5), hand_ins, jobs=2)


@pytest.fixture(scope="module")
def course(result, tmp_path_factory):
    """A course with the gradebook, the notebooks and nbgrader's feedback pages."""
    folder = tmp_path_factory.mktemp("course")
    write_gradebook(result, folder / "gradebook.db")
    environment = os.environ | {"PATH": sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"]}
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", "roi_pool"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def shown(result, course, tmp_path_factory):
    """Student -> {where: text} of all that is theirs to see."""
    report = html.write(result, tmp_path_factory.mktemp("report")).parent
    found = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for submission in result.submissions:
            who = submission.student
            notebook = gradebook.find_submission_notebook("roi_pool", "roi_pool", who)
            made = json.loads((course / "autograded" / who / "roi_pool/roi_pool.ipynb").read_text("utf-8"))
            found[who] = {
                "page": (report / "feedback" / f"{who}.html").read_text("utf-8"),
                "outputs": json.dumps([cell.get("outputs") for cell in made["cells"]], ensure_ascii=False),
                "comments": "\n".join(comment.auto_comment or "" for comment in notebook.comments),
                "nbgrader": (course / "feedback" / who / "roi_pool/roi_pool.html").read_text("utf-8"),
            }
    return found


def hidden(result):
    """(student, case) of each hidden case that has something to hide."""
    return [
        (submission.student, case)
        for submission in result.submissions
        for item in submission.items
        for case in item.cases
        if case.visibility == "hidden" and case.sentence
    ]


def public(submission):
    cases = [case for item in submission.items for case in item.cases if case.visibility == "public"]
    return " ".join(f"{case.idea} {case.sentence} {case.picture}" for case in cases)


def test_no_sentence_and_no_number_of_a_hidden_case_is_shown(result, shown):
    """A sentence that a public case says too is no secret, nor is a number in one."""
    open_words = {submission.student: public(submission) for submission in result.submissions}
    secrets = [
        (student, case.case, secret)
        for student, case in hidden(result)
        for secret in (case.sentence, *re.findall(r"-?\d+\.\d{2,}", case.sentence))
        if secret not in open_words[student]
    ]
    assert len(secrets) > 60
    for student, case, secret in secrets:
        for where, text in shown[student].items():
            assert secret not in text, (student, case, where)


def test_every_hidden_case_that_fails_shows_its_idea(result, shown):
    for student, case in hidden(result):
        plain = case.idea.replace("`", "").replace("'", "&#39;")
        assert plain in re.sub("</?code>", "", shown[student]["page"])
        assert case.idea in shown[student]["outputs"].replace('\\"', '"')


def test_what_was_printed_of_hidden_inputs_is_not_shown(result, shown):
    """The spy's code printed, and raised, the inputs of every call: those of public cases are shown."""
    (spy,) = (submission for submission in result.submissions if submission.student == "spy")
    cases = {case.case: case for item in spy.items for case in item.cases}
    said = [case.sentence for case in cases.values() if case.visibility == "hidden"]
    assert any("SEEN" in sentence for sentence in said)
    assert all(not case.printed for case in cases.values() if case.visibility == "hidden")
    assert any("SEEN" in case.printed for case in cases.values() if case.visibility == "public")
    told = public(spy) + " ".join(case.printed for case in cases.values())
    for where, text in shown["spy"].items():
        seen = set(re.findall(r"SEEN{ [-. 0-9]+}", text))
        assert seen
        assert all(inputs in told for inputs in seen), where
