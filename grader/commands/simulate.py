"""An invented class, to try the grader with."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import GRADED, assignment_argument, command, seed_option

if TYPE_CHECKING:
    from collections import Counter

    from rich.console import Console

_MORE = """\
kinds: right, wrong, broken, hostile. A kind that --shares does not name does not occur; the numbers are
weights and need no sum of 1. Default: right=0.55,wrong=0.3,broken=0.12,hostile=0.03 (see grader/simulate).

Hostile hand-ins try to get out of the sandbox. They are made to do no harm outside of it, too, but run them
there alone: roikit grade ASSIGNMENT FOLDER --output DIR
"""


def add_to(verbs: Any) -> None:
    text = "write an invented class to FOLDER/<student>/<assignment>/, as large as you like"
    verb = command(verbs, "simulate", text, simulate, more=_MORE)
    assignment_argument(verb)
    verb.add_argument("folder", type=Path, metavar="FOLDER", help="made if need be; empty")
    verb.add_argument(
        "--students", type=_number, required=True, metavar="N",
        help="1 to 1,000,000; a smaller class is the beginning of a larger one",
    )  # fmt: skip
    seed_option(verb, "of what they hand in: the same seed, the same class (default: 0)")
    text = "how often each kind is, for instance right=.9,wrong=.1"
    verb.add_argument("--shares", type=_shares, metavar="KIND=NUMBER,...", help=text)


def simulate(
    console: Console,
    assignment: str,
    folder: Path,
    students: int,
    seed: int | None = None,
    shares: dict[Any, float] | None = None,
) -> int:
    """Write a simulated class and say what it consists of."""
    from grader import simulate as simulation
    from grader.assignment import load

    loaded = load(assignment)
    simulated = simulation.students(loaded, students, seed or 0, shares or simulation.SHARES)
    _print(console, simulation.write(folder, loaded, simulated))
    return GRADED


def _print(console: Console, counts: Counter[tuple[str, str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from grader.simulate import SHARES

    table = Table("Kind", "Variety", "Students", box=SIMPLE_HEAD, pad_edge=False)
    table.columns[2].justify = "right"
    for kind in SHARES:
        for (of_kind, variety), count in sorted(counts.items()):
            if of_kind == kind:
                table.add_row(kind, variety, f"{count:,}")
    table.add_section()
    table.add_row("all", "", f"{counts.total():,}")
    console.print(table)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to 1000000, got {text!r}")
    return int(text)


def _shares(text: str) -> dict[str, float]:
    """``right=.9,wrong=.1``; what kinds there are is the simulation's to say."""
    found = {}
    for entry in text.split(","):
        kind, _, number = entry.partition("=")
        try:
            share = float(number)
        except ValueError:
            raise argparse.ArgumentTypeError(f"must look like right=.9,wrong=.1; got {text!r}") from None
        if kind.strip() in found:
            raise argparse.ArgumentTypeError(f"{kind.strip()} stands there twice")
        found[kind.strip()] = share
    return found
