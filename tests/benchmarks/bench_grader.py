"""Grading against nbgrader's plain autograde: the same right notebooks, the same machine, one run.

    make bench        (or: python tests/benchmarks/bench_grader.py [--students N] [--rounds N])

All are timed as whole commands with N submissions and with one, so that the start of the program is told
apart from the cost of a submission. nbgrader's own autograde runs the public checks in the student's own
kernel; roikit runs public and hidden ones, each call in the sandbox: by `roikit grade`, and in its place in
`nbgrader autograde`, in a course of `roikit course init`.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader import assignment

BIN = Path(sys.executable).parent
NAME = "roi_pool"
PLAIN = "nbgrader autograde"
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "bench"
c.CourseDirectory.ignore = ["grading", "__pycache__", "*.pyc"]
c.ExecutePreprocessor.timeout = 120
c.Exchange.root = "{exchange}"
"""


def run(*argv, cwd):
    start = time.perf_counter()
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # nbgrader and its kernels call programs by name
    options = {"cwd": cwd, "env": {**os.environ, "PATH": path}}
    done = subprocess.run([str(a) for a in argv], **options, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{argv[0]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def make_course(root, students):
    """An nbgrader course whose students all hand in the assignment's own solution."""
    folder = assignment.load(NAME).folder
    shutil.copytree(folder, root / "source" / NAME, ignore=shutil.ignore_patterns("grading", "__pycache__"))
    (root / "nbgrader_config.py").write_text(CONFIG.format(exchange=root / "exchange"))
    run(BIN / "nbgrader", "generate_assignment", NAME, cwd=root)
    for student in range(students):
        target = root / "submitted" / f"student{student:03d}" / NAME
        target.mkdir(parents=True)
        shutil.copy(folder / f"{NAME}.ipynb", target)


def make_trusted_course(root):
    """The same students in a course that roikit made."""
    run(BIN / "roikit", "course", "init", root / "trusted", NAME, cwd=root)
    shutil.copytree(root / "submitted", root / "trusted" / "submitted")
    run(BIN / "nbgrader", "generate_assignment", NAME, cwd=root / "trusted")


def grade_with_nbgrader(course, students):
    shutil.rmtree(course / "autograded", ignore_errors=True)
    who = "student000" if students == 1 else "*"
    return run(BIN / "nbgrader", "autograde", NAME, "--student", who, cwd=course)


def first(root, students):
    """A folder of the first of the class."""
    chosen = root / f"first{students}"
    if not chosen.exists():
        for folder in sorted((root / "submitted").iterdir())[:students]:
            shutil.copytree(folder, chosen / folder.name)
    return chosen


def grade_with_roikit(root, students, *options):
    """`roikit grade` with some options into a new folder; return the seconds."""
    output = root / "graded"
    shutil.rmtree(output, ignore_errors=True)
    command = (BIN / "roikit", "grade", NAME, first(root, students), "--output", output)
    return run(*command, *options, cwd=root)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    N = options.students
    graders = {
        PLAIN: grade_with_nbgrader,
        "nbgrader autograde, trusted": lambda root, n: grade_with_nbgrader(root / "trusted", n),
        "roikit grade --jobs 1": lambda root, n: grade_with_roikit(root, n, "--jobs", 1),
        "roikit grade --jobs 2": lambda root, n: grade_with_roikit(root, n, "--jobs", 2),
    }
    seconds = {name: [] for name in graders}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_course(root, N)
        make_trusted_course(root)
        for _ in range(options.rounds):
            for name, grade in graders.items():
                one, many = grade(root, 1), grade(root, N)
                seconds[name].append(((many - one) / (N - 1), one))
    print(f"{N} right notebooks of {NAME}, {options.rounds} rounds in turns, medians")
    print(f"{'':28} {'s a submission':>15} {'start and first':>16} {'times faster':>13}")
    base = statistics.median(each for each, _ in seconds[PLAIN])
    for name, rows in seconds.items():
        each = statistics.median(each for each, _ in rows)
        first = statistics.median(first for _, first in rows)
        print(f"{name:28} {each:14.3f}s {first:15.2f}s {base / each:12.1f}×")


if __name__ == "__main__":
    main()
