"""README.md runs as written: its Python blocks as doctests, its ``console`` blocks as commands; so does the
walk-through of ``assignments/``."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import roikit
from grader.errors import SandboxError
from grader.sandbox import choose_rung

ROOT = Path(__file__).parents[1]


def blocks(language, readme="README.md"):
    text = (ROOT / readme).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_python_blocks():
    """In order, in one namespace, as a reader would type them."""
    parser = doctest.DocTestParser()
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    test = parser.get_doctest("\n".join(blocks("python")), {"np": np}, "README.md", "README.md", 0)
    assert len(test.examples) >= 5
    assert doctest.DocTestRunner(optionflags=flags).run(test).failed == 0


@pytest.fixture
def workplace(tmp_path):
    """A folder with the sample class beside it, as the README's commands expect; it grades in the sandbox."""
    try:
        choose_rung("auto")
    except SandboxError as error:
        pytest.skip(f"sandbox wall: {error}")
    (tmp_path / "assignments").symlink_to(ROOT / "assignments")
    return tmp_path


@pytest.mark.parametrize("readme", ["README.md", "assignments/README.md"])
def test_console_blocks(workplace, readme):
    """Every `$ command` ends well, or as its comment says; what stands below it, but `...`, is printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    options = {"cwd": workplace, "env": {**os.environ, "PATH": path, "COLUMNS": "120"}}
    commands = 0
    for block in blocks("console", readme):
        printed = ""
        for line in block.splitlines():
            if line.startswith("$ "):
                argv = shlex.split(line[2:], comments=True)
                done = subprocess.run(argv, **options, capture_output=True, text=True, timeout=300)
                printed = done.stdout + done.stderr
                assert done.returncode == ("exit code 1" in line), f"{line}\n{printed}"
                commands += 1
            elif line.strip() not in ("", "..."):
                assert " ".join(line.split()) in " ".join(printed.split()), printed
    assert commands >= 4


def test_the_picture_is_what_roikit_draws():
    picture = roikit.explain.roi_pool(
        roikit.examples.MAP_8X8_BATCH, roikit.examples.ROI_8X8, (2, 2), convention="disjoint"
    ).picture(result=True)
    assert (ROOT / ".github" / "roi_pool.svg").read_text(encoding="utf-8") == picture.svg + "\n"


def test_the_map_of_the_tree_names_what_exists():
    (tree,) = blocks("text")
    for name in re.findall(r"^ *([\w./<>-]+)  ", tree, re.MULTILINE):
        if "<" not in name:
            assert list(ROOT.rglob(name.rstrip("/").removeprefix("./"))), name
