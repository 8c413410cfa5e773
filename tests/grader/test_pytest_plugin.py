"""Plain ``pytest`` in a folder that was handed out, and silence everywhere else."""

import os
import shutil
import subprocess
import sys

import pytest


@pytest.fixture
def folder(toy, tmp_path, right):
    """A released folder: the public tests and a student's module."""
    shutil.copy(toy.public_tests, tmp_path)
    (tmp_path / "toy.py").write_text(right)
    return tmp_path


def run_pytest(folder, *arguments, autoload=False):
    """(exit code, output) of a pytest of its own, with roikit's plugin alone or with all plugins."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)]
    if not autoload:
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        command += ["-p", "grader.pytest_plugin"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_the_module_beside_the_tests(folder):
    code, text = run_pytest(folder)
    assert code == 0, text
    assert "2 passed" in text


def test_a_notebook_beside_the_tests_comes_first(folder, notebook):
    (folder / "toy.ipynb").write_bytes(notebook("def scale(x, s):\n    return [2, 5]"))
    code, text = run_pytest(folder)
    assert code == 1
    told = text.partition("test_twice")[2].split("\n")[1:6]
    assert told == [
        "entry 1: expected 4, got 5",
        "[1, 2] at scale 2 is [2, 4].",
        "scale([1, 2], 2)",
        "expected    got",
        "2  4        2   5*",
    ]
    assert "span is not defined" in text
    assert "Traceback" not in text  # no source of tests, no frames of ours
    assert "Why? roikit check . toy.ipynb --hint idea" in text
    assert "FAILED test_public.py::test_twice - entry 1: expected 4, got 5" in text


def test_the_student_s_own_lines_are_shown(folder, notebook):
    (folder / "renamed (1).ipynb").write_bytes(notebook("def scale(x, s):\n    return x * scael"))
    code, text = run_pytest(folder, "-k", "twice")
    assert code == 1
    assert "NameError: name 'scael' is not defined (in scale, cell 1, line 2)\n[1, 2] at scale 2" in text
    assert 'File "cell 1", line 2, in scale\n    return x * scael' in text
    assert "grader" not in text
    assert "roikit check . 'renamed (1).ipynb' --hint idea" in text


def test_from_another_folder_by_name_and_with_all_that_pytest_has(folder, notebook):
    (folder / "toy.ipynb").write_bytes(notebook("def scale(x, s):\n    return [2, 5]"))
    test = f"{folder.name}/test_public.py::test_twice"
    code, text = run_pytest(folder.parent, test)
    assert code == 1
    assert f"Why? roikit check {folder.name} {folder.name}/toy.ipynb --hint idea" in text
    assert ">   " not in text
    _, text = run_pytest(folder.parent, test, "--tb=long")
    assert "def test_twice(student):" in text


def test_an_unsolved_stub_says_so(folder, notebook):
    (folder / "toy.ipynb").write_bytes(notebook("def scale(x, s):\n    raise NotImplementedError()"))
    _, text = run_pytest(folder, "-k", "twice")
    assert "_ test_twice _" in text
    told = text.partition("_ test_twice _")[2].split("\n")[1:4]
    assert told == [
        "scale is not written yet (it raises NotImplementedError)",
        "[1, 2] at scale 2 is [2, 4].",
        "Why? roikit check . toy.ipynb --hint idea",
    ]


def test_a_rubric_item_is_chosen_by_its_id(folder):
    """The notebook's `check` names it; a test's own name need not."""
    (folder / "test_public.py").write_text(
        "import pytest\n"
        "@pytest.mark.rubric('quantize_roi', points=1)\n"
        "def test_floor(student): 'It rounds down.'\n"
        "@pytest.mark.rubric('bin_edges', points=1)\n"
        "def test_split(student): assert False, 'not chosen'\n"
    )
    code, text = run_pytest(folder, "-k", "quantize")
    assert code == 0, text
    assert "1 passed, 1 deselected" in text


def test_a_failing_test_of_another_project_is_pytest_s_own(tmp_path):
    (tmp_path / "test_other.py").write_text("def test_it():\n    assert 1 == 2\n")
    _, text = run_pytest(tmp_path, autoload=True)
    assert "assert 1 == 2" in text
    assert "Why?" not in text


def test_another_submission_and_the_hidden_tests(folder, toy, right):
    other = folder / "other.py"
    other.write_text(right.replace("start + size", "start"))
    hidden = [toy.hidden_tests, "--submission", other, "--roikit-seed", "5"]
    code, text = run_pytest(folder, *hidden)
    assert code == 1
    assert "1 failed, 2 passed" in text


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"toy.py": None}, "no notebook and no module beside the tests"),
        ({"more.py": ""}, "which of more.py, toy.py is the submission? Say it with --submission FILE"),
        ({"toy.ipynb": "{"}, "toy.ipynb cannot be read: the file is not a notebook"),
    ],
)
def test_no_submission(folder, files, sentence):
    for name, text in files.items():
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text)
    code, text = run_pytest(folder)
    assert code != 0
    assert sentence in text
    assert "pytest_plugin.py" not in text


def test_an_installed_roikit_is_light_and_inert(tmp_path):
    """Any project's pytest loads the plugin: it brings no NumPy, no roikit, no rich along."""
    (tmp_path / "test_other.py").write_text(
        "import sys\n"
        "def test_it(pytestconfig):\n"
        "    assert pytestconfig.pluginmanager.has_plugin('roikit')\n"
        "    heavy = {'numpy', 'roikit', 'rich', 'jinja2', 'nbgrader', 'IPython'} & set(sys.modules)\n"
        "    assert not heavy, heavy\n"
    )
    code, text = run_pytest(tmp_path, "--strict-markers", "-W", "error", autoload=True)
    assert code == 0, text


def test_a_project_may_have_a_seed_and_fixtures_of_its_own(tmp_path):
    (tmp_path / "conftest.py").write_text(
        "import pytest\n"
        "def pytest_addoption(parser):\n"
        "    parser.addoption('--seed', default=3)\n"
        "@pytest.fixture\n"
        "def student():\n"
        "    return 'mine'\n"
        "@pytest.fixture\n"
        "def rng(pytestconfig):\n"
        "    return pytestconfig.getoption('--seed')\n"
    )
    (tmp_path / "test_other.py").write_text(
        "def test_it(student, rng):\n    assert (student, rng) == ('mine', 3)\n"
    )
    code, text = run_pytest(tmp_path, autoload=True)
    assert code == 0, text
