"""The command ``roikit``: arguments in, one call, text and exit code out."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from collections.abc import Sequence
from pathlib import Path

from grader import commands
from grader.errors import GraderError, SandboxError
from grader.grading import reason

_EPILOG = """\
exit codes:
  0  every submission is graded (check: every check passed; lint-assignment: all is well; doctor:
     strangers' code can be graded)
  1  some submission is not graded, some result not written, or the run was interrupted
     (check: some check failed; lint-assignment: something is to be mended)
  2  wrong arguments, or an assignment, submissions, folder or package that cannot be used;
     also where another roikit is grading into the same folder
  3  no sandbox on this machine
"""
#: Packages of the extras: without one, the sentence names the extra.
_EXTRAS = {
    "pytest": "student", "rich": "student", "jinja2": "grader", "tomli": "student", "nbgrader": "nbgrader",
    "copydetect": "similarity",
}  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    parser = _parser()
    options = vars(parser.parse_args(argv))
    name = options.pop("command")
    if name is None:
        parser.print_help()
        return commands.USAGE
    try:
        console = None
        if name != "doctor":  # which has to work where everything is missing
            from grader.console import console as open_console

            console = open_console()
        return getattr(commands, name.replace("-", "_"))(console, **options)
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

    verb = _verb(verbs, "grade", "grade a class in the sandbox; write results.json, gradebook.db and report/")
    _assignment(verb)
    verb.add_argument(
        "submissions",
        type=Path,
        metavar="SUBMISSIONS",
        help="a folder or zip with <student>/<assignment>/<file>, or with <student>.ipynb or .py",
    )
    verb.add_argument(
        "--output", type=Path, required=True, metavar="DIR",
        help="where the results go; what DIR/journal.jsonl holds already is not graded again",
    )  # fmt: skip
    _jobs(verb)
    verb.add_argument(
        "--seed", type=_seed, metavar="N",
        help="the seed of the hidden inputs (default: the journal's, else a new one)",
    )  # fmt: skip
    verb.add_argument("--fresh", action="store_true", help="grade everything again, into a new journal")
    verb.add_argument(
        "--sandbox",
        choices=("auto", "bubblewrap", "reduced", "none"),
        default="auto",
        help="auto: bubblewrap, else refuse; reduced and none lack walls, for code that you trust",
    )
    verb.add_argument(
        "--no-gradebook", dest="gradebook", action="store_false", help="do not write nbgrader's gradebook.db"
    )

    verb = _verb(verbs, "check", "check your own notebook or module with the public tests")
    _assignment(verb, "name of the assignment, or the folder that was handed out")
    verb.add_argument("file", type=Path, metavar="FILE", help="your notebook or module")

    verb = _verb(verbs, "release", "write the students' version of an assignment to DIR/ASSIGNMENT")
    _assignment(verb)
    verb.add_argument("directory", type=Path, metavar="DIR")

    verb = _verb(verbs, "lint-assignment", "try an assignment's tests before anyone is graded")
    _assignment(verb)

    verb = _verb(verbs, "similar", "say which submissions are alike as texts, without what was handed out")
    _assignment(verb)
    verb.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="as for grade")
    verb.add_argument(
        "--output", type=Path, metavar="DIR", help="of roikit grade: the page report/similar.html goes there"
    )

    verb = _verb(verbs, "play", "write the page on which a box is dragged over a map, and say where it lies")
    verb.add_argument("--output", type=Path, default=Path(), metavar="DIR", help="default: this folder")
    verb.add_argument("--open", dest="show", action="store_true", help="open it in the browser")

    _verb(verbs, "assignments", "list the assignments")
    _verb(verbs, "doctor", "say what works on this machine, and how to get what does not")

    verb = _verb(verbs, "demo", "grade the sample class in every assignment")
    verb.add_argument(
        "--output", type=Path, default=Path("demo-report"), metavar="DIR", help="default: demo-report"
    )
    _jobs(verb)
    return parser


def _verb(verbs: argparse._SubParsersAction, name: str, text: str) -> argparse.ArgumentParser:
    return verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")


def _assignment(verb: argparse.ArgumentParser, text: str = "its name, or the path of its folder") -> None:
    verb.add_argument("assignment", metavar="ASSIGNMENT", help=text)


def _jobs(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--jobs", type=_count, metavar="N", help="grading processes (default: one a core)")


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 512:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to 512, got {text!r}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 2**63 - 1, got {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
