"""The run in one picture:  python tests/benchmarks/kernels/plot.py bench-results/kernels.json kernels.png"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from processes import PEERS
from workloads import WORKLOADS

INK, MUTED, HAIRLINE = "#1c2733", "#5b6876", "#dde3e9"
MET, MISSED = "#2c8c5a", "#c43d3d"
#: Colours that the colour-blind tell apart (Okabe and Ito), and a shape for print.
STYLES = (("#0072b2", "o"), ("#e69f00", "s"), ("#cc79a7", "D"), ("#56b4e9", "^"))
PEER_STYLE = dict(zip(PEERS, STYLES, strict=True))
NAMES = {
    "roi_align": "RoIAlign", "roi_align_backward": "gradient of RoIAlign",
    "roi_pool": "RoI pooling", "roi_pool_backward": "gradient of RoI pooling",
}  # fmt: skip


def draw(record: dict[str, Any], path: Path) -> None:
    """A row for each workload: how many times as fast as each peer, and how far from the memory limit."""
    threads = sorted({row["threads"] for row in record["rows"]})
    names = list(dict.fromkeys(row["workload"] for row in record["rows"]))
    widths = [4.2, 1.5] * len(threads)
    size = (3.2 + 4.4 * len(threads), 2.1 + 0.42 * len(names))
    colours = {"text.color": INK, "axes.labelcolor": MUTED, "xtick.color": MUTED, "ytick.color": INK}
    with plt.rc_context({"font.size": 9, **colours}):
        figure, grid = plt.subplots(
            1, len(widths), figsize=size, width_ratios=widths,
            sharey=True, squeeze=False, layout="constrained",
        )  # fmt: skip
        ratios = [time["times_as_long_as_roikit"] for row in record["rows"] for time in row["times"]]
        ratios += [
            goal["goal"] for row in record["rows"] for goal in row["goals"] if goal["what"] == "faster"
        ]
        span = min(0.9, *filter(None, ratios)) / 1.1, max(10.0, *filter(None, ratios)) * 1.1
        for count, (peers, memory) in zip(threads, grid[0].reshape(-1, 2), strict=True):
            rows = {row["workload"]: row for row in record["rows"] if row["threads"] == count}
            _against_peers(peers, [rows.get(name) for name in names])
            _logarithmic(peers, *span)
            _against_memory(memory, [rows.get(name) for name in names])
            clock = "1 thread (CPU time)" if count == 1 else f"{count} threads (wall time)"
            peers.set_title(clock, loc="left", weight="bold")
        grid[0, 0].set_yticks(range(len(names)), [_label(name) for name in names])
        grid[0, 0].set_ylim(len(names) - 0.4, -0.6)
        figure.suptitle("How many times as fast roikit is", x=0.01, ha="left", weight="bold", size=13)
        _legend(figure, record)
        figure.savefig(path, dpi=150, facecolor="white")
        plt.close(figure)


def _label(name: str) -> str:
    work = WORKLOADS[name]
    kind = NAMES[work.operation] + (" max" if (work.operation, work.mode) == ("roi_align", "max") else "")
    kind += " with argmax" if work.argmax else ""
    sampling = ", adaptive" if work.operation.startswith("roi_align") and not work.ratio else ""
    boxes = "1 RoI" if work.regions == 1 else f"{work.regions} RoIs"
    place = f"{work.channels}×{work.height}×{work.width}"
    bins = f"{work.bins[0]}×{work.bins[1]}"
    return f"{kind} {bins}{sampling}\n{name.removesuffix('-argmax')}: {boxes} on {place}"


def _against_peers(axes: Axes, rows: list[dict[str, Any] | None]) -> None:
    for y, row in enumerate(rows):
        axes.axhline(y, color=HAIRLINE, lw=0.8, zorder=0)
        for goal in (row or {}).get("goals", ()):
            if goal["what"] == "faster":
                colour = MET if goal["met"] else MISSED
                axes.plot([goal["goal"]] * 2, [y - 0.32, y + 0.32], color=colour, lw=2.2, zorder=2)
        for time in (row or {}).get("times", ()):
            if ratio := time["times_as_long_as_roikit"]:
                colour, marker = PEER_STYLE[time["library"]]
                axes.plot(ratio, y, marker, color=colour, ms=6, mec="white", mew=0.6, zorder=3)
    axes.axvline(1, color=MUTED, lw=1, zorder=1)
    axes.set_xlabel("peer's time / roikit's time")


def _against_memory(axes: Axes, rows: list[dict[str, Any] | None]) -> None:
    for y, row in enumerate(rows):
        axes.axhline(y, color=HAIRLINE, lw=0.8, zorder=0)
        value = (row or {}).get("times_the_memory_limit")
        if not row or not value or WORKLOADS[row["workload"]].regions == 1:
            continue
        axes.barh(y, value, height=0.5, color="#b8c4cf", zorder=1)
        axes.text(value, y, f" {value:.1f}", va="center", size=8, color=MUTED)
        for goal in row["goals"]:
            if goal["what"] == "memory":
                colour = MET if goal["met"] else MISSED
                axes.plot([goal["goal"]] * 2, [y - 0.32, y + 0.32], color=colour, lw=2.2, zorder=2)
    axes.set_xlim(0, max(8.0, axes.get_xlim()[1] * 1.25))
    axes.set_xlabel("time / time to read\nits bytes")
    _plain(axes)


def _logarithmic(axes: Axes, low: float, high: float) -> None:
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    ticks = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:g}×"))
    _plain(axes)


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(HAIRLINE)
    axes.tick_params(length=0)


def _legend(figure: Any, record: dict[str, Any]) -> None:
    seen = {time["library"] for row in record["rows"] for time in row["times"]}
    handles = [
        Line2D([], [], color=colour, marker=marker, ls="", label=f"{name} {_version(record, name)}")
        for name, (colour, marker) in PEER_STYLE.items()
        if name in seen
    ]
    handles += [
        Line2D([], [], color=colour, marker="|", ms=11, mew=2.2, ls="", label=label)
        for colour, label in ((MET, "goal, met"), (MISSED, "goal, not met"))
    ]
    columns = len(handles) if len(record["memory_bytes_per_second"]) > 1 else 3  # one panel is narrow
    machine = record["machine"]
    title = f"{machine['processor']}, {machine['cpus']} CPUs, {record['date'][:10]}"
    figure.legend(
        handles=handles, loc="outside lower center", ncols=columns, frameon=False, title=title,
        title_fontproperties={"size": 8}, handletextpad=0.2, columnspacing=1.4,
    )  # fmt: skip


def _version(record: dict[str, Any], library: str) -> str:
    return str(record["versions"][library][library]).split("-")[0].split("+")[0]


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
