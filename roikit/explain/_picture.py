"""Puts a picture together: title, map, grids, legend, caption."""

from __future__ import annotations

from collections.abc import Iterable

from roikit._svg import INK, MUTED, PAPER, WRONG, Canvas, Picture, dot_path, text_width, wrap

from ._grids import Crop, Grid, GridPanel
from ._map import MapPanel
from ._overview import Overview
from ._scene import BIN_COLOURS, Scene, bin_colour

EDGE, HEADER, LINE = 16, 54, 17
NARROWEST = 400
SWATCH = 24


def draw(scene: Scene, grids: list[Grid], crop: Crop, caption: str, faults: list[str]) -> Picture:
    """`caption` is about the asked bin; `faults` are sentences in red."""
    canvas = Canvas()
    panel = MapPanel(scene, EDGE, HEADER)
    panel.draw(canvas)
    right, bottom = panel.right, panel.bottom
    beside: list[GridPanel | Overview] = []
    if grids:
        beside.append(GridPanel(grids, crop, panel.right + 28, HEADER + 8))
    if not panel.window.is_whole(scene.plane.shape):
        top = beside[0].bottom + 24 if beside else HEADER + 8
        beside.append(Overview(scene, panel.window, panel.right + 50, top))
    for part in beside:
        part.draw(canvas)
        right, bottom = max(right, part.right), max(bottom, part.bottom)
    heading = max(text_width(scene.title, 14), text_width(scene.subtitle, 11.5))
    width = max(right + EDGE + 8, NARROWEST, EDGE * 2 + heading)
    draw_header(canvas, scene.title, scene.subtitle)
    legend = scene.legend
    if panel.marks_middles:
        legend += (("middle", "where a cell's value stands"),)
    mark = INK if scene.asked is None else bin_colour(scene.asked)
    bottom = draw_legend(canvas, legend, mark, bottom + 22, width)
    bottom = draw_paragraphs(canvas, [caption] if caption else [], faults, scene.notes, bottom, width)
    return canvas.picture(round(width), round(bottom), f"{scene.subtitle}, {scene.title}")


def draw_header(canvas: Canvas, title: str, subtitle: str) -> None:
    canvas.text(EDGE, 24, title, font_size=14, font_weight="bold")
    canvas.text(EDGE, 42, subtitle, fill=MUTED, font_size=11.5)


def draw_paragraphs(
    canvas: Canvas,
    captions: Iterable[str],
    faults: Iterable[str],
    notes: Iterable[str],
    top: float,
    width: float,
) -> float:
    """Captions in ink, faults in red, notes in grey; returns where they end."""
    for paragraphs, colour in ((captions, None), (faults, WRONG), (notes, MUTED)):
        for paragraph in paragraphs:
            for line in wrap(paragraph, width - 2 * EDGE):
                canvas.text(EDGE, top, line, fill=colour)
                top += LINE
            top += 3
    return top


def draw_legend(
    canvas: Canvas, items: tuple[tuple[str, str], ...], mark: str, top: float, width: float
) -> float:
    """Marks (those of the asked bin in the colour `mark`) and what they mean; returns where they end."""
    x = float(EDGE)
    for kind, words in items:
        room = SWATCH + 6 + text_width(words, 11.5)
        if x > EDGE and x + room > width - EDGE:
            x, top = EDGE, top + LINE
        _swatch(canvas, kind, mark, x, top - 4)
        canvas.text(x + SWATCH, top, words, font_size=11.5)
        x += room + 12
    return top + LINE + 7 if items else top


def _swatch(canvas: Canvas, kind: str, mark: str, x: float, y: float) -> None:
    if kind == "bins":
        for at, colour in enumerate(BIN_COLOURS):
            corner = (x + at % 2 * 9, y - 6 + at // 2 * 6.5)
            canvas.rect(*corner, 7.5, 5, fill="none", stroke=colour, stroke_width=1.5)
    elif kind == "points":
        for at, colour in enumerate(BIN_COLOURS):
            dot = dot_path(x + 4 + at % 2 * 9, y - 3 + at // 2 * 7)
            canvas.path(dot, stroke=colour, stroke_width=5, stroke_linecap="round")
    elif kind == "ring":
        canvas.circle(x + 8, y, 6, fill="none", stroke=mark, stroke_width=2.5)
    elif kind == "outside":
        canvas.circle(x + 8, y, 4, fill=PAPER, stroke=mark, stroke_width=2)
    elif kind == "areas":
        for at, colour in enumerate(BIN_COLOURS):
            canvas.rect(x + at % 2 * 8, y - 6 + at // 2 * 7, 8, 7, fill=colour, fill_opacity=0.5)
    elif kind == "middle":
        canvas.path(dot_path(x + 8, y), stroke=MUTED, stroke_width=3.5, stroke_linecap="round")
    else:  # "outline" is dashed, "region" solid
        dashes = "4 3" if kind == "outline" else None
        canvas.rect(x + 1, y - 5, 15, 10, fill="none", stroke=INK, stroke_width=2, stroke_dasharray=dashes)
