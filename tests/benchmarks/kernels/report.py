"""What was measured, for people (a table) and for programs (JSON)."""

from __future__ import annotations

import os
import platform
import statistics
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from goals import Verdict
from measure import Row
from processes import PEERS
from rich.console import Console
from rich.table import Table
from rich.text import Text
from traffic import bytes_moved

#: How a verdict begins in the table's last column, and how its value is written.
WORDS = {"faster": ("≥", "×"), "avx2": ("AVX2 ≥", "×"), "memory": ("memory ≤", "×")}


def bandwidth(rows: list[Row], threads: int) -> float | None:
    """Bytes a second, the median over the whole run."""
    samples = [sample for row in rows if row.threads == threads for sample in row.bandwidths]
    return statistics.median(samples) if samples else None


def print_tables(rows: list[Row], console: Console) -> None:
    for threads in sorted({row.threads for row in rows}):
        console.print(
            table([row for row in rows if row.threads == threads], threads, bandwidth(rows, threads))
        )
    for note in footnotes(rows):
        console.print(note, highlight=False)


def table(rows: list[Row], threads: int, speed: float | None) -> Table:
    clock = "1 thread, CPU time" if threads == 1 else f"{threads} threads, wall time"
    memory = f"; memory is read at {speed / 1e9:.1f} GB/s" if speed else ""
    peers = [name for name in PEERS if any(name in peer for row in rows for peer in row.times)]
    made = Table(title=f"{clock}: median of a call, and how many times as fast roikit is{memory}")
    for head in ("", "roikit", "out= reused", *peers, "fastest", "memory", "goals"):
        made.add_column(head, justify="left" if head in ("", "goals") else "right", no_wrap=True)
    for row in rows:
        own = [_time(row, "roikit", way) for way in ("fresh", "reused")]
        fastest, memory_ratio = row.fastest(), speed and row.over_memory(speed)
        made.add_row(
            row.workload.name, *own, *(_peer(row, name) for name in peers),
            _ratio(fastest), _ratio(memory_ratio) if row.workload.regions > 1 else "",
            Text("  ").join(map(_verdict, row.verdicts(speed))),
        )  # fmt: skip
    return made


def _time(row: Row, library: str, way: str) -> str:
    spread = row.times.get((library, way))
    return duration(spread.median) if spread else "–"


def _peer(row: Row, name: str) -> str:
    for peer, spread in row.peers().items():
        if peer[0] == name:
            star = "*" if row.agreement.get(peer) is None else ""
            return f"{duration(spread.median)}{star} {_ratio(row.ratio(peer)):>6}"
    return "–"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}×" if value < 2 else f"{value:.1f}×"


def _verdict(verdict: Verdict) -> Text:
    sign, unit = WORDS[verdict.what]
    told = f"{sign} {verdict.goal:g}{unit} "
    if verdict.what == "avx2":
        told += f"({verdict.value:.1f}) "
    return Text(told + ("met" if verdict.met else "NOT MET"), style="green" if verdict.met else "bold red")


def duration(seconds: float) -> str:
    return f"{seconds * 1e6:.2f} µs" if seconds < 1e-4 else f"{seconds * 1e3:.1f} ms"


def footnotes(rows: list[Row]) -> list[str]:
    timed = {row.workload.name for row in rows}
    told = [
        "Ratios: onnxruntime and openvino write into memory that they keep, so they are compared with out= "
        "reused; torchvision and paddle make a new output in each call, so they are compared with roikit's "
        "new one (onnxruntime's W4 is new, too). fastest: the smallest of a row's ratios.",
        "memory: roikit's time, out= reused, over that of reading its bytes once: the cells that "
        "some RoI touches and the output; for a gradient that of the output, the argmax and the whole map.",
        "Bytes a second are those of NumPy's maximum of 256 MiB a thread, measured in every round.",
    ]
    if timed & {"W6", "W6b"}:
        told += [
            "* ONNX Runtime's RoIAlign takes the maximum of the weighted neighbours: timed, not compared.",
            "OpenVINO's maximum of RoIAlign begins at 0: compared with the reference clipped there.",
        ]
    if "W3b" in timed:
        told.append("torchvision and paddle compute the argmax of roi_pool in any case, so also in W3.")
    busy = sum(row.busy for row in rows)
    if busy:
        told.append(f"The machine did something else while {busy} samples were taken: measure again.")
    return told + sorted({note for row in rows for note in row.notes if "means something else" not in note})


def record(rows: list[Row], versions: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """What the JSON file holds; times in seconds."""
    return {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions,
        "options": options,
        "memory_bytes_per_second": {
            str(threads): bandwidth(rows, threads) for threads in sorted({row.threads for row in rows})
        },
        "rows": [_row(row, bandwidth(rows, row.threads)) for row in rows],
        "notes": footnotes(rows),
    }


def _row(row: Row, speed: float | None) -> dict[str, Any]:
    return {
        "workload": row.workload.name,
        "threads": row.threads,
        "bytes_moved": bytes_moved(row.workload),
        "times": [
            {
                "library": library, "way": way, "median": spread.median, "quartiles": spread.quartiles,
                "samples": spread.samples, "agreement": row.agreement.get((library, way)),
                "times_as_long_as_roikit": row.ratio((library, way)) if library in PEERS else None,
            }
            for (library, way), spread in row.times.items()
        ],
        "times_as_fast_as_the_fastest": row.fastest(),
        "times_the_memory_limit": speed and row.over_memory(speed),
        "goals": [
            {"what": found.what, "goal": found.goal, "value": found.value, "met": found.met}
            for found in row.verdicts(speed)
        ],
        "samples_on_a_busy_machine": row.busy,
    }  # fmt: skip


def machine() -> dict[str, Any]:
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"system": platform.platform(), "processor": _processor(), "cpus": cpus}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except FileNotFoundError:
        return platform.processor()
    found = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    names = {"avx2": "AVX2", "avx512f": "AVX-512"}
    has = [name for flag, name in names.items() if flag in found.get("flags", "").split()]
    return " ".join([found.get("model name", platform.machine()), *has])
