"""The smaller commands: what each says, and how it ends."""

import subprocess
import sys
from pathlib import Path

from grader import grading


def test_check(roikit, toy, students):
    assert roikit("check", toy.folder, students / "ada.py")[0] == 0
    code, text, _ = roikit("check", toy.folder, students / "bela.py")
    assert code == 1
    assert "end 1: expected 5, got 2" in text


def test_check_tells_more_when_it_is_asked_and_says_how_to_ask(roikit, toy, students):
    """What differs, then where, then the idea; the last line is the command for the next of them."""
    file = students / "bela.py"
    _, text, _ = roikit("check", toy.folder, file)
    assert "expected    got" not in text
    assert text.endswith(f"check {toy.folder} {file} --hint where\n")
    code, text, _ = roikit("check", toy.folder, file, "--hint", "where")
    assert code == 1
    assert "    span(2, 3)\n    expected    got\n" in text
    assert text.endswith(f"check {toy.folder} {file} --hint idea\n")
    code, text, _ = roikit("check", toy.folder, file, "--hint", "idea")
    assert code == 1
    assert "    span(2, 3)\n" in text
    assert "Hint:" not in text
    assert "Hint:" not in roikit("check", toy.folder, students / "ada.py")[1]


def test_check_names_the_idea_when_it_is_asked_for(roikit, tmp_path):
    file = tmp_path / "me.py"
    edges = "[(p * n // bins, -(-(p + 1) * n // bins)) for p in range(bins)]"
    file.write_text(f"def bin_edges(n, bins):\n    return {edges}\n")
    for hint in ("what", "where", "idea"):
        _, text, _ = roikit("check", "roi_pool", file, "--hint", hint)
        assert ("overlapping bins" in text) == (hint == "idea")


def test_check_of_a_file_that_ends_the_process(roikit, toy, students, right):
    (students / "cyd.py").write_text(right + "\nimport sys\nsys.exit(0)\n")
    code, text, _ = roikit("check", toy.folder, students / "cyd.py")
    assert code == 1
    assert "importing the file ended the process (sys.exit(0))" in text
    assert "correct" not in text


def test_release(roikit, toy, tmp_path):
    code, text, _ = roikit("release", toy.folder, tmp_path)
    assert (code, text) == (0, f"{tmp_path}/toy/toy.ipynb\n{tmp_path}/toy/test_public.py\n")


def test_lint_assignment_says_whether_all_is_well(roikit, monkeypatch):
    """What the lint looks at is tested in lint/; here only what becomes of its word."""
    for is_well, code in ((True, 0), (False, 1)):
        monkeypatch.setattr("grader.lint.run", lambda console, name, is_well=is_well: is_well)
        assert roikit("lint-assignment", "roi_pool")[0] == code


def test_lint_of_an_assignment_without_a_bank(roikit, toy):
    code, _, errors = roikit("lint-assignment", toy.folder)
    assert code == 2
    assert "misconceptions.py cannot be read" in errors


def test_similar(roikit, toy, students, right):
    (students / "chen.py").write_text(right.replace("size", "width"))
    code, text, _ = roikit("similar", toy.folder, students)
    assert code == 0
    assert "No two of 3 submissions are alike." in text  # each is a few lines


def test_play(roikit, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr("webbrowser.open", lambda url: shown.append(url) or True)
    code, text, _ = roikit("play", "--output", tmp_path, "--open")
    assert (code, text) == (0, f"{tmp_path}/play.html\n")
    assert shown == [(tmp_path / "play.html").as_uri()]


def test_assignments(roikit):
    code, text, _ = roikit("assignments")
    assert code == 0
    assert "roi_pool" in text


def test_version_and_help(roikit):
    code, text, _ = roikit("--version")
    assert code == 0
    assert text.startswith("roikit ")
    _, text, _ = roikit("--help")
    for number in "0123":
        assert f"\n  {number}  " in text


def test_a_bar_on_a_terminal(toy):
    from rich.console import Console

    console = Console(force_terminal=True, width=80, record=True, file=open(Path("/dev/null"), "w"))  # noqa: SIM115
    with console.file, grading.progress(console, 2) as tick:
        tick(type("Result", (), {"student": "[red]ada\x1b[2J", "outcome": "correct"}))
    assert "\x1b[2J" not in console.export_text()


def test_starting_is_light():
    """`roikit --version` brings no NumPy, no pytest, no rich along."""
    code = (
        "import sys\nfrom grader.cli import main\n"
        "try: main(['--version'])\nexcept SystemExit: pass\n"
        "assert not {'numpy', 'pytest', 'rich', 'jinja2', 'nbgrader', 'roikit'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
