"""What each command of ``roikit`` takes and does.

A module here adds its commands to the parser (``add_to``) and runs them: such a function takes the console
and the options, says things, and returns the exit code. What a command works with is imported when it runs.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.records import ClassResult

#: Exit codes, as ``roikit --help`` has them.
GRADED, INCOMPLETE, USAGE, NO_SANDBOX = 0, 1, 2, 3


def command(
    verbs: Any, name: str, text: str, run: Callable[..., int], more: str = ""
) -> argparse.ArgumentParser:
    """The parser of a new command, which `run` answers; `more` ends its help, as it stands."""
    shape = argparse.RawDescriptionHelpFormatter if more else argparse.HelpFormatter
    parser = verbs.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + ".", epilog=more, formatter_class=shape
    )
    parser.set_defaults(run=run)
    return parser


def assignment_argument(
    verb: argparse.ArgumentParser, text: str = "its name, or the path of its folder"
) -> None:
    verb.add_argument("assignment", metavar="ASSIGNMENT", help=text)


def jobs_option(verb: Any) -> None:
    verb.add_argument("--jobs", type=_count, metavar="N", help="grading processes (default: one a core)")


def where_options(verb: argparse.ArgumentParser) -> None:
    """``--jobs`` or ``--dask``."""
    either = verb.add_mutually_exclusive_group()
    jobs_option(either)
    either.add_argument(
        "--dask", type=_dask, metavar="ADDRESS",
        help="grade on the workers of a Dask cluster: tcp://HOST:PORT or tls://HOST:PORT of its scheduler; "
        "local:N starts N workers here",
    )  # fmt: skip


def seed_option(verb: argparse.ArgumentParser, text: str) -> None:
    verb.add_argument("--seed", type=_seed, metavar="N", help=text)


def sandbox_option(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--sandbox",
        choices=("auto", "bubblewrap", "reduced", "none"),
        default="auto",
        help="auto: bubblewrap, else refuse; reduced and none lack walls, for code that you trust",
    )


def exit_code(result: ClassResult | None) -> int:
    """Of a graded class; None where something could not be written."""
    if result is None or not result.complete:
        return INCOMPLETE
    from grader.report.overview import overview

    everybody = overview(result).submissions
    return GRADED if all(submission.score is not None for submission in everybody) else INCOMPLETE


def has_nbgrader() -> bool:
    return importlib.util.find_spec("nbgrader") is not None


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 512:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to 512, got {text!r}")
    return int(text)


def _dask(text: str) -> str:
    from grader.errors import GraderError
    from grader.executors import address

    try:
        return address.checked(text)
    except GraderError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 2**63 - 1, got {text!r}")
    return int(text)
