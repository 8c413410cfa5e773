"""A course as an instructor has it, a JupyterLab that serves it, a browser that looks at it.

Every test's page must come off without an error in its console and without a call of the canary's. What the
pages look like is in ``screenshots/``, at two widths, light and dark.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from grader.cli import main as roikit

sys.path.append(str(Path(__file__).parent))  # the modules beside this one
sys.path.append(str(Path(__file__).parents[1] / "grader" / "play"))  # chromium.py

import hostile
from chromium import find
from lab import environment, running_lab
from shots import WINDOW, Camera
from watch import Watcher, listening_canary

NAME = "roi_pool"
CLASS = Path("assignments", "sample_class")
PATIENCE = 60_000  # milliseconds, for what takes a second on a quiet machine
#: Nobody but loopback is there: what a page wants of others fails at once.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def chromium():
    """The browser's path."""
    try:
        return find()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def canary():
    with listening_canary() as listening:
        yield listening


@pytest.fixture(scope="session")
def nbgrader(tmp_path_factory):
    """Run nbgrader in a course, as an instructor does; what it says."""
    home = tmp_path_factory.mktemp("home")

    def run(course, *arguments):
        command = [sys.executable, "-m", "nbgrader", *arguments]
        found = subprocess.run(
            command, cwd=course, env=environment(home), capture_output=True, text=True, timeout=300
        )
        assert found.returncode == 0, found.stderr
        return found.stderr

    return run


def hand_in(course, student, notebook, file=f"{NAME}.ipynb"):
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True)
    shutil.copyfile(notebook, folder / file)


@pytest.fixture(scope="session")
def course(chromium, canary, nbgrader, tmp_path_factory):
    """Ada is right, jun has another idea of bins, mallory and eve are hostile; two wait to be graded."""
    course = tmp_path_factory.mktemp("class") / "course"
    assert roikit(["course", "init", str(course), NAME]) == 0
    (course / "seed.txt").write_text("2024\n", encoding="ascii")  # as in the sample class's expected.toml
    nbgrader(course, "generate_assignment", NAME)
    notebooks = {name: CLASS / name / NAME / f"{NAME}.ipynb" for name in ("ada", "jun", "lena")}
    markup = hostile.name(canary.origin)
    hand_in(course, "ada", notebooks["ada"])
    hand_in(course, "jun", notebooks["jun"])
    hand_in(course, "eve", notebooks["jun"], f"{markup}.ipynb")
    attack = hostile.write(course.parent, course / "release" / NAME / f"{NAME}.ipynb", canary.origin)
    hand_in(course, "mallory", attack)
    nbgrader(course, "autograde", NAME)
    hand_in(course, "lena", notebooks["lena"])
    hand_in(course, markup, notebooks["jun"])
    return course


@pytest.fixture(scope="session")
def report(course):
    """The pages of the same class from ``roikit grade``."""
    source, submitted, output = course / "source" / NAME, course / "submitted", course.parent / "graded"
    assert roikit(["grade", str(source), str(submitted), "--output", str(output), "--seed", "2024"]) == 0
    return output / "report"


@pytest.fixture(scope="session")
def lab(course):
    with running_lab(course, course.parent / "home") as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium):
    """One a module: while playwright is open, no other test could run an event loop."""
    expect.set_options(timeout=PATIENCE)
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=[ALONE, *flags])
        yield opened
        opened.close()


@pytest.fixture
def context(browser, lab):
    """The pages of somebody who is known to JupyterLab."""
    opened = browser.new_context(viewport=WINDOW)
    opened.set_default_timeout(PATIENCE)
    assert opened.request.get(lab.url(f"lab?token={lab.token}")).ok
    yield opened
    opened.close()


@pytest.fixture
def watcher(context, canary):
    """What is wrong with the pages of a test is found at its end."""
    watching = Watcher(context)
    yield watching
    assert watching.unknown_errors() == []
    assert watching.unknown_addresses() == []
    assert canary.arrived == []


@pytest.fixture
def page(context, watcher):
    return context.new_page()


@pytest.fixture
def camera(page, request):
    return Camera(page, request.config.rootpath / "screenshots")
