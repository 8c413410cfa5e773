"""Puts a picture together: title, map, grids, legend, caption."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from roikit._svg import INK, MUTED, PAPER, WRONG, Canvas, Picture, dot_path, text_width, wrap

from ._grids import Crop, Grid, GridPanel
from ._map import MARGIN, WIDEST, MapPanel
from ._overview import SIDE, Overview
from ._scene import BIN_COLOURS, Scene, bin_colour

EDGE, HEADER, LINE = 16, 54, 17
NARROWEST = 400  # pixels of a picture
NARROW = 440  # pixels: a narrow screen, with a little shrinking
FEW_ROWS = 4  # grids of so many stand below the map, rather than make it wider
SWATCH = 24


def draw(scene: Scene, grids: list[Grid], crop: Crop, caption: str, faults: list[str]) -> Picture:
    """`caption` is about the asked bin; `faults` are sentences in red."""
    card = Card.of(scene, grids, crop, caption, faults)
    return card.picture(f"{scene.subtitle}, {scene.title}")


@dataclass(frozen=True)
class Card:
    """All that a picture shows, on a canvas that is not closed yet."""

    canvas: Canvas
    panel: MapPanel
    width: int
    height: int

    @classmethod
    def of(
        cls, scene: Scene, grids: list[Grid], crop: Crop, caption: str, faults: list[str],
        room: int | None = None,
    ) -> Card:
        """With `room` pixels for the map, it is one of several cards, and narrow."""
        canvas = Canvas()
        draw_header(canvas, scene.title, scene.subtitle)
        panel = MapPanel(scene, EDGE, HEADER, room or WIDEST)
        most = 0 if room else NARROW if crop.shape[0] <= FEW_ROWS else math.inf
        parts: list[MapPanel | GridPanel | Overview] = [panel, *_beside(panel, grids, crop, most)]
        for part in parts:
            part.draw(canvas)
        right, bottom = max(part.right for part in parts), max(part.bottom for part in parts)
        heading = max(text_width(scene.title, 14), text_width(scene.subtitle, 11.5))
        width = max(right + EDGE + 8, NARROWEST if room is None else 0, EDGE * 2 + heading)
        legend = scene.legend
        if panel.marks_middles:
            legend += (("middle", "where a cell's value stands"),)
        mark = INK if scene.asked is None else bin_colour(scene.asked)
        bottom = draw_legend(canvas, legend, mark, bottom + 22, width)
        bottom = draw_paragraphs(canvas, [caption] if caption else [], faults, scene.notes, bottom, width)
        return cls(canvas, panel, round(width), round(bottom))

    def picture(self, label: str) -> Picture:
        panel = self.panel
        return self.canvas.picture(self.width, self.height, label, panel.x(0), panel.y(0), panel.cell)


def beside(cards: list[Card], label: str) -> Picture:
    """Cards on one paper, side by side."""
    canvas = Canvas()
    right = 0
    for card in cards:
        canvas.inset(card.canvas, right)
        right += card.width
    first = cards[0].panel
    height = max(card.height for card in cards)
    return canvas.picture(right, height, label, first.x(0), first.y(0), first.cell)


def _beside(
    panel: MapPanel, grids: list[Grid], crop: Crop, most: float
) -> Iterator[GridPanel | Overview]:
    """The grids, at the right of the map up to the pixel `most`, else below; and the whole map, where it is
    cut."""
    top = panel.bottom + 20
    corner: tuple[float, float] = (EDGE + MARGIN, top)
    if grids:
        table = GridPanel(grids, crop, panel.right + 28, HEADER + 8)
        corner = (panel.right + 50, table.bottom + 24)
        if table.right > most:
            table = GridPanel(grids, crop, EDGE, top, room=panel.right + 8 - EDGE)
            fits = table.right + 24 + SIDE <= panel.right
            corner = (table.right + 24, top) if fits else (EDGE + MARGIN, table.bottom + 20)
        yield table
    if not panel.window.is_whole(panel.scene.plane.shape):
        yield Overview(panel.scene, panel.window, *corner)


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
    elif kind == "rings":
        for at, colour in enumerate(BIN_COLOURS):
            centre = (x + 4 + at % 2 * 9, y - 3 + at // 2 * 7)
            canvas.circle(*centre, 2.6, fill="none", stroke=colour, stroke_width=1.6)
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
