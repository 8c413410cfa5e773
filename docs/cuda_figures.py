"""The figures of cuda.ipynb and gpu.md: ``python docs/cuda_figures.py`` writes them beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from roikit._svg import (
    BLUE,
    HAIRLINE,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    WRONG,
    Canvas,
    Picture,
    polyline,
    text_width,
)
from roikit.explain._picture import EDGE, HEADER, draw_header, draw_paragraphs
from roikit.explain._scene import BIN_COLOURS

FOLDER = Path(__file__).parent
THREADS = 16  # of the block that pools one bin
SLOT, ROW = 13.0, 16.0  # pixels: one access in time, one thread

#: One access of the block: the thread, and whether it loads its cell or takes a larger neighbour.
Access = tuple[int, str]
LOADS = [(i, "load") for i in range(THREADS)]
STEPS = [(i, "step") for i in range(THREADS // 2)]
#: Thread by thread, as they may run where no barrier holds them.
WITHOUT = sorted(LOADS + STEPS)
COLOURS = {"load": BLUE, "step": ORANGE}


def blocks(grid: int = 2, block: int = 3, bins: int = 4) -> Picture:
    """A grid of blocks of threads, each thread with its bin, or with none."""
    canvas = Canvas()
    draw_header(
        canvas, "One thread a bin",
        f"a grid of {grid} blocks of {block} threads: {grid * block} threads for {bins} bins",
    )  # fmt: skip
    side, gap, top, below = 74.0, 30.0, HEADER + 34.0, HEADER + 150.0
    for b in range(grid):
        left = EDGE + b * (block * side + gap)
        canvas.rect(left, top - 20, block * side, 82, rx=6, fill="none", stroke=MUTED)
        canvas.text(left + 8, top - 26, f"block {b}", font_weight="bold")
        for t in range(block):
            draw_thread(canvas, left + (t + 0.5) * side, top, below, b * block + t, t, bins)
    width = EDGE * 2 + grid * block * side + (grid - 1) * gap
    captions = [
        "i = blockIdx.x * blockDim.x + threadIdx.x counts all threads of the grid.",
        "blockIdx.x is the number of the block, blockDim.x how many threads each block has, threadIdx.x the "
        "number of the thread in its block.",
    ]
    end = draw_paragraphs(canvas, captions, [], [], below + 64, width)
    return canvas.picture(round(width), round(end), f"One thread a bin: {' '.join(captions)}")


def draw_thread(canvas: Canvas, x: float, top: float, below: float, i: int, t: int, bins: int) -> None:
    """A thread, its number in the grid, and a line to its bin."""
    with canvas.group(text_anchor="middle"):
        canvas.circle(x, top + 4, 13, fill=PAPER, stroke=INK, stroke_width=1.5)
        canvas.text(x, top + 8, str(t), font_weight="bold")
        canvas.text(x, top + 36, "thread", fill=MUTED, font_size=11)
        canvas.text(x, top + 52, f"i = {i}")
        if i >= bins:
            canvas.text(x, below + 20, "no bin", fill=MUTED)
            return
        colour = BIN_COLOURS[i]
        canvas.path(polyline([(x, top + 62), (x, below)]), stroke=colour, stroke_width=2)
        canvas.rect(x - 25, below, 50, 32, fill=colour, fill_opacity=0.16)
        canvas.rect(x - 25, below, 50, 32, fill="none", stroke=colour, stroke_width=2)
        canvas.text(x, below + 20, f"({i // 2}, {i % 2})", fill=colour, font_weight="bold")


def race(writer: int = THREADS // 2, reader: int = 0) -> Picture:
    """The load of one thread and the first step of another: without a barrier, and with one."""
    canvas = Canvas()
    draw_header(
        canvas, "What a barrier is for",
        f"{THREADS} threads load a cell each; then the first {THREADS // 2} take the larger of two. "
        "Time goes to the right.",
    )  # fmt: skip
    left, top = EDGE + 66.0, HEADER + 50.0
    right = left + len(WITHOUT) * SLOT + 44
    barrier, bottom = right + len(LOADS) * SLOT + SLOT / 2, top + THREADS * ROW
    for i in range(THREADS):
        canvas.text(left - 10, top + i * ROW + 12, f"thread {i}", text_anchor="end", font_size=11)

    canvas.text(left, top - 30, "No barrier: any order may happen, this one too", font_weight="bold")
    early, late = draw_time(canvas, WITHOUT, left, top, (writer, reader), WRONG)
    draw_fault(canvas, early, late, f"reads s[{writer}]: too early", f"writes s[{writer}]")

    canvas.text(right, top - 30, "With __syncthreads()", font_weight="bold")
    draw_time(canvas, LOADS, right, top, (writer, reader), INK)
    draw_time(canvas, STEPS, barrier + SLOT / 2, top, (writer, reader), INK)
    canvas.path(polyline([(barrier, top - 6), (barrier, bottom + 6)]), stroke=INK, stroke_width=3)
    canvas.text(barrier, top - 9, "all wait", text_anchor="middle", font_size=11)

    draw_key(canvas, left, bottom + 32)
    caption = (
        f"Left: thread {reader} reads s[{writer}] when thread {writer} has not written it yet. No barrier "
        "stands between these two accesses, so nothing says which comes first: that is a race. Right: nobody "
        "passes the barrier before all have reached it, so the write comes first in every order."
    )
    width = barrier + SLOT / 2 + len(STEPS) * SLOT + EDGE + 8
    end = draw_paragraphs(canvas, [caption], [], [], bottom + 62, width)
    return canvas.picture(round(width), round(end), caption)


def draw_time(
    canvas: Canvas, accesses: list[Access], left: float, top: float, pair: tuple[int, int], colour: str
) -> list[tuple[float, float]]:
    """Each access in a slot of its own, in the row of its thread; returns where those of the pair are."""
    for i in range(THREADS):
        y = top + (i + 0.5) * ROW
        canvas.path(polyline([(left, y), (left + len(accesses) * SLOT, y)]), stroke=HAIRLINE)
    writer, reader = pair
    marked = []
    for slot, (i, kind) in enumerate(accesses):
        x, y = left + slot * SLOT, top + i * ROW
        canvas.rect(x + 1, y + 2, SLOT - 2, ROW - 4, rx=2, fill=COLOURS[kind])
        if (i, kind) in ((writer, "load"), (reader, "step")):
            canvas.rect(x - 1, y, SLOT + 2, ROW, rx=3, fill="none", stroke=colour, stroke_width=2.5)
            marked.append((x + SLOT / 2, y + ROW / 2))
    return marked


def draw_fault(
    canvas: Canvas, early: tuple[float, float], late: tuple[float, float], read: str, write: str
) -> None:
    """A dashed elbow from the one access to the other, and words beside both."""
    elbow = [(early[0] + SLOT / 2 + 2, early[1]), (late[0], early[1]), (late[0], late[1] - ROW / 2 - 1)]
    canvas.path(polyline(elbow), fill="none", stroke=WRONG, stroke_width=1.5, stroke_dasharray="4 3")
    with canvas.group(fill=WRONG, font_size=11):
        on_paper(canvas, early[0] - SLOT / 2, early[1] - ROW / 2 - 5, read)
        on_paper(canvas, late[0] - SLOT / 2 - 5 - text_width(write, 11), late[1] + 4, write)


def on_paper(canvas: Canvas, x: float, y: float, words: str) -> None:
    """A line of small text that hides what is behind it."""
    canvas.rect(x - 2, y - 9, text_width(words, 11) + 2, 11, fill=PAPER)
    canvas.text(x, y, words)


def draw_key(canvas: Canvas, x: float, y: float) -> None:
    """What the colours mean."""
    words = {"load": "loads: writes s[i]", "step": "step: reads s[i] and s[i + 8], writes s[i]"}
    for kind, meaning in words.items():
        canvas.rect(x, y - 10, SLOT - 2, ROW - 4, rx=2, fill=COLOURS[kind])
        canvas.text(x + 18, y, meaning)
        x += 150


FIGURES: dict[str, Callable[[], Picture]] = {"blocks": blocks, "race": race}

if __name__ == "__main__":
    for name, figure in FIGURES.items():
        (FOLDER / f"{name}.svg").write_text(f"{figure().svg}\n", encoding="utf-8")
