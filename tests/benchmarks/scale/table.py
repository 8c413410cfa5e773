"""The table of the benchmark: what was measured, beside what, and whether that is what was wanted."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One line; ``is_met`` is None where nothing is wanted."""

    what: str
    figure: str
    beside: str = ""
    wanted: str = ""
    is_met: bool | None = None


HEADS = ("", "measured", "beside it", "wanted", "")
_SIGNS = {None: "", True: "yes", False: "NO"}


def cells(row: Row) -> tuple[str, ...]:
    return row.what, row.figure, row.beside, row.wanted, _SIGNS[row.is_met]


def as_text(rows: Iterable[Row]) -> str:
    """In columns, for a terminal."""
    lines = [HEADS, *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
    return "\n".join(shown)


def as_markdown(rows: Iterable[Row]) -> str:
    rule = ("---",) * len(HEADS)
    return "\n".join(f"| {' | '.join(line)} |" for line in (HEADS, rule, *map(cells, rows)))


def where_and_when(command: str) -> str:
    """The machine, the day and the command, in a sentence."""
    day = datetime.now(timezone.utc).date().isoformat()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    python = platform.python_version()
    return (
        f"{day}, {_processor()}, {cores} cores, {memory:.0f} GiB of memory, "
        f"Linux {platform.release().split('-')[0]}, Python {python}: `{command}`"
    )


def _processor() -> str:
    found = re.search(
        r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE
    )
    return found[1] if found else platform.machine()


# ------------------------------------------------------------------ into a page
def write(page: Path, name: str, text: str) -> None:
    """Put `text` where the page wants it: between the marks of this name."""
    begin, end = f"<!-- {name}: written by bench_scale.py -->", f"<!-- {name}: as far as here -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, ended, after = rest.partition(end)
    if not (found and ended):
        raise SystemExit(f"{page} has no place for {name}")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
