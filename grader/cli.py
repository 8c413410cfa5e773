"""The command ``roikit``: arguments in, one call, text and exit code out."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from collections.abc import Sequence

from grader import commands
from grader.commands import assignments, classroom, course, grade, gradescope, lms, report, simulate, students
from grader.errors import GraderError, SandboxError
from grader.grading import reason

_EPILOG = """\
exit codes:
  0  every submission is graded (check: every check passed; lint-assignment, course check: all is well;
     regrade --diff: nothing would change; doctor: strangers' code can be graded)
  1  some submission is not graded, some result not written, or the run was interrupted
     (check: some check failed; lint-assignment, course check: something is to be mended;
     regrade --diff: something would change; canvas, moodle: something does not reach its student)
  2  wrong arguments, or an assignment, submissions, folder or package that cannot be used;
     also where another roikit is grading into the same folder
  3  no sandbox on this machine
"""
#: Packages of the extras: without one, the sentence names the extra.
_EXTRAS = {
    "pytest": "student", "rich": "student", "jinja2": "grader", "tomli": "student", "nbgrader": "nbgrader",
    "copydetect": "similarity",
}  # fmt: skip
#: Modules with commands, in the order of ``roikit --help``.
_GROUPS = (grade, report, students, assignments, simulate, course, gradescope, classroom, lms)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    options = vars(parser.parse_args(argv))
    name, run = options.pop("command"), options.pop("run", None)
    if run is None:
        parser.print_help()
        return commands.USAGE
    try:
        console = None
        if name != "doctor":  # which has to work where everything is missing
            from grader.console import console as open_console

            console = open_console()
        return run(console, **options)
    except SandboxError as problem:
        return _fail(str(problem), commands.NO_SANDBOX)
    except (GraderError, OSError) as problem:
        return _fail(reason(problem), commands.USAGE)
    except ModuleNotFoundError as problem:
        extra = _EXTRAS.get((problem.name or "").split(".")[0])
        if extra is None:
            raise
        return _fail(f"{problem.name} is not installed: pip install 'roikit[{extra}]'", commands.USAGE)
    except KeyboardInterrupt:
        on = "; the same command goes on from here" if name in ("grade", "demo") else ""
        return _fail(f"interrupted{on}", commands.INCOMPLETE)


def _fail(sentence: str, code: int) -> int:
    from grader.sandbox.text import clean

    print(f"roikit: {clean(sentence, len(sentence))}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="roikit",
        description="Hand out, check and grade assignments on RoI pooling, bilinear sampling and RoIAlign.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = importlib.metadata.version("roikit")
    parser.add_argument("--version", action="version", version=f"roikit {version}")
    verbs = parser.add_subparsers(dest="command", metavar="COMMAND")
    for group in _GROUPS:
        group.add_to(verbs)
    return parser


if __name__ == "__main__":
    sys.exit(main())
