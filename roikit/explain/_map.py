"""The left part of a picture: the cells of the map, and over them the boxes, bins and points of a `Scene`."""

from __future__ import annotations

import numpy as np

from roikit._svg import (
    HAIRLINE,
    INK,
    MUTED,
    PAPER,
    Canvas,
    box_path,
    dot_path,
    polyline,
    shade,
    text_on,
    text_width,
)

from ._numbers import cell_format, cell_text
from ._scene import HALF, MANY_BINS, NUMBERED, Box, Scene, Window, bin_colour

LEGIBLE_CELL = 24  # pixels; in smaller cells nothing is marked or written, but in the asked bin
MARGIN = 26  # pixels at the top and the left for the column and row numbers
WIDEST, FEW_CELLS, LARGEST_CELL, LARGE_CELL, SMALL_CELL = 448, 6, 68, 46, 13
MOST_SPOKES = 16  # samples of the asked bin with lines to their neighbours
MOST_OTHER_POINTS = 150  # samples of other bins, where one is asked
SMALLEST_PRINT = 6.5
OFF_MAP = "#eceff2"


class MapPanel:
    """The map with its top left pixel at (left, top); `right` and `bottom` tell where it ends."""

    def __init__(self, scene: Scene, left: float, top: float, room: int = WIDEST) -> None:
        self.scene = scene
        self.window = window = Window.of(scene)
        largest = LARGEST_CELL if window.side <= FEW_CELLS else LARGE_CELL
        self.cell = min(max(room // window.side, SMALL_CELL), largest)
        self.marks_middles = scene.reads_between_cells and self.cell >= LEGIBLE_CELL
        self._left, self._top = left + MARGIN, top + MARGIN
        self.right, self.bottom = self.x(window.columns.stop), self.y(window.rows.stop)
        self._values = self._cells_in_view()
        seen = np.array(list(self._values.values()), dtype=float)
        finite = seen[np.isfinite(seen)]
        self._format = cell_format(seen)
        self._other_points = {place: at for place, at in scene.points.items() if place != scene.asked}
        if scene.asked is not None and sum(map(len, self._other_points.values())) > MOST_OTHER_POINTS:
            self._other_points = {}  # they would hide the asked bin
        spokes = np.array([spokes.point for spokes in scene.spokes]).reshape(-1, 2)
        y, x = np.concatenate([*self._other_points.values(), spokes]).T
        self._dots = self.y(y), self.x(x)
        self._dot = self._dot_size(sum(map(len, scene.points.values())))
        crowded = len(scene.bins) > MANY_BINS
        self._faded = None if scene.asked is None else 0.25 if crowded else 0.5  # opacity of other bins
        self._low = float(finite.min()) if finite.size else 0.0
        self._high = float(finite.max()) if finite.size else 0.0

    def _dot_size(self, count: int) -> float:
        """Smaller where dots are crowded: no wider than a third of the way from one to the next."""
        region = self.scene.region
        if region is None or region.is_empty or count == 0:
            return self.cell / 7
        apart = self.cell * ((region.bottom - region.top) * (region.right - region.left) / count) ** 0.5
        return max(min(self.cell / 7, apart / 3), 1.6)

    def x(self, column: float) -> float:
        return self._left + (column - self.window.columns.start) * self.cell

    def y(self, row: float) -> float:
        return self._top + (row - self.window.rows.start) * self.cell

    def draw(self, canvas: Canvas) -> None:
        self._draw_cells(canvas)
        self._draw_axes(canvas)
        self._draw_areas(canvas)
        self._draw_bins(canvas)
        self._draw_boxes(canvas)
        self._draw_asked(canvas)
        self._draw_rings(canvas)
        self._draw_numbers(canvas)
        self._draw_points(canvas)
        self._draw_spokes(canvas)

    def _cells_in_view(self) -> dict[tuple[int, int], float]:
        H, W = self.scene.plane.shape
        rows = [row for row in self.window.rows if 0 <= row < H]
        columns = [column for column in self.window.columns if 0 <= column < W]
        return {(row, column): float(self.scene.plane[row, column]) for row in rows for column in columns}

    def _colour(self, value: float) -> str:
        """The shade of a value between the lowest and the highest in view; a NaN has none."""
        if np.isnan(value):
            return PAPER
        if np.isinf(value):
            return shade(float(value > 0))
        span = self._high / 2 - self._low / 2  # halved, so that the largest floats do not overflow
        return shade((value / 2 - self._low / 2) / span if span > 0 else 0.3)

    def _draw_cells(self, canvas: Canvas) -> None:
        """One path for all cells of a colour; what lies off the map is hatched."""
        paths: dict[str, str] = {}
        hatch = ""
        for row in self.window.rows:
            for column in self.window.columns:
                x, y = self.x(column), self.y(row)
                on_map = (row, column) in self._values
                colour = self._colour(self._values[row, column]) if on_map else OFF_MAP
                paths[colour] = paths.get(colour, "") + box_path(x, y, self.cell, self.cell)
                if not on_map:
                    hatch += polyline([(x, y + self.cell), (x + self.cell, y)])
        with canvas.group(stroke=HAIRLINE):
            for colour, d in sorted(paths.items()):
                canvas.path(d, fill=colour)
            canvas.path(hatch)
        canvas.path(
            self._outline(Box(0, 0, *self.scene.plane.shape)), fill="none", stroke=MUTED, stroke_width=1.5
        )

    def _draw_numbers(self, canvas: Canvas) -> None:
        """In the middle of the cell, or in a corner where sample points need the middle."""
        between = self.scene.reads_between_cells
        texts = {place: cell_text(value, self._format) for place, value in self._values.items()}
        if self.window.side > NUMBERED:
            texts = {place: text for place, text in texts.items() if self._is_asked(*place)}
        widest = max((text_width(text, 1) for text in texts.values()), default=1.0)
        size = min((self.cell - 6) / widest, 9.5 if between else 12.5)
        if size >= SMALLEST_PRINT:
            ringed = {(ring.y, ring.x) for ring in self.scene.rings}
            with canvas.group(font_size=size, text_anchor=None if between else "middle"):
                for place, text in texts.items():
                    x, y = self._text_place(*place, text_width(text, size), size)
                    colour = text_on(self._colour(self._values[place]))
                    weight = "bold" if place in ringed else None
                    canvas.text(x, y, text, fill=None if colour == INK else colour, font_weight=weight)
        if self.marks_middles:
            middles = "".join(dot_path(self.x(x + HALF), self.y(y + HALF)) for y, x in self._values)
            canvas.path(middles, stroke=MUTED, stroke_width=3, stroke_linecap="round")

    def _text_place(self, row: int, column: int, width: float, size: float) -> tuple[float, float]:
        """Where a cell's number begins (or has its middle): the first corner without a sample point in it."""
        left, top = self.x(column), self.y(row)
        if not self.scene.reads_between_cells:
            return left + self.cell / 2, top + self.cell / 2 + 0.35 * size
        high, low = top + size + 3, top + self.cell - 4
        near, far = left + 4, left + self.cell - width - 2
        dots_y, dots_x = self._dots
        for x, y in ((near, high), (far, high), (near, low), (far, low)):
            beside = (dots_x > x - 4) & (dots_x < x + width + 4)
            if not np.any(beside & (dots_y > y - size - 3) & (dots_y < y + 4)):
                return x, y
        return near, high

    def _is_asked(self, row: int, column: int) -> bool:
        asked = self.scene.bins.get(self.scene.asked) if self.scene.asked is not None else None
        return asked is not None and (
            asked.top - 1 < row < asked.bottom and asked.left - 1 < column < asked.right
        )

    def _draw_axes(self, canvas: Canvas) -> None:
        step = 1 if self.cell >= 20 else 5
        with canvas.group(font_size=10, fill=MUTED, text_anchor="middle"):
            for column in self.window.columns:
                if column % step == 0:
                    canvas.text(self.x(column + HALF), self._top - 7, str(column))
            for row in self.window.rows:
                if row % step == 0:
                    canvas.text(self._left - 13, self.y(row + HALF) + 3.5, str(row))
            canvas.text(self._left - 13, self._top - 7, "y, x", font_style="italic")

    def _outline(self, box: Box, inset: float = 0) -> str:
        """Path of the sides of a box that are in view: a box that goes on outside stays open there."""
        seen, rows, columns = self.window.clip(box), self.window.rows, self.window.columns
        if seen.bottom < seen.top or seen.right < seen.left:
            return ""
        left, right = self.x(seen.left) + inset, self.x(seen.right) - inset
        top, bottom = self.y(seen.top) + inset, self.y(seen.bottom) - inset
        right, bottom = max(left, right), max(top, bottom)
        sides = [
            (box.top >= rows.start, [(left, top), (right, top)]),
            (box.right <= columns.stop, [(right, top), (right, bottom)]),
            (box.bottom <= rows.stop, [(right, bottom), (left, bottom)]),
            (box.left >= columns.start, [(left, bottom), (left, top)]),
        ]
        if all(visible for visible, _ in sides):
            return box_path(left, top, right - left, bottom - top)
        return "".join(polyline(side) for visible, side in sides if visible)

    def _filling(self, box: Box, inset: float = 0) -> str:
        seen = self.window.clip(box)
        if seen.is_empty:
            return ""
        width, height = (seen.right - seen.left) * self.cell, (seen.bottom - seen.top) * self.cell
        return box_path(
            self.x(seen.left) + inset,
            self.y(seen.top) + inset,
            max(width - 2 * inset, 0),
            max(height - 2 * inset, 0),
        )

    def _inset(self, place: tuple[int, ...]) -> float:
        """Bins that share cells share stretches of their edges too: every other one is drawn further in."""
        if self.scene.reads_between_cells:
            return 1.0
        return (0.05 + 0.06 * (sum(place) % 2)) * self.cell

    def _draw_areas(self, canvas: Canvas) -> None:
        for box, colour in self.scene.areas:
            canvas.path(self._filling(box), fill=colour, fill_opacity=0.55)

    def _draw_bins(self, canvas: Canvas) -> None:
        outlines: dict[str, str] = {}
        fillings: dict[str, str] = {}
        for place, box in self.scene.bins.items():
            if box.is_empty or place == self.scene.asked:
                continue
            colour, inset = bin_colour(place), self._inset(place)
            outlines[colour] = outlines.get(colour, "") + self._outline(box, inset)
            fillings[colour] = fillings.get(colour, "") + self._filling(box, inset)
        with canvas.group(opacity=self._faded):
            for colour in outlines:
                canvas.path(fillings[colour], fill=colour, fill_opacity=0.1)
                canvas.path(outlines[colour], fill="none", stroke=colour, stroke_width=2)

    def _draw_boxes(self, canvas: Canvas) -> None:
        with canvas.group(fill="none", stroke=INK):
            if self.scene.region is not None:
                canvas.path(self._outline(self.scene.region), stroke_width=2)
            if self.scene.outline is not None:
                d = self._outline(self.scene.outline)
                canvas.path(d, stroke_width=3, stroke=PAPER)
                canvas.path(d, stroke_width=2, stroke_dasharray="6 4")

    def _draw_points(self, canvas: Canvas) -> None:
        """Dots are strokes without length: one path for all the points of a colour."""
        paths: dict[str, str] = {}
        for place, points in self._other_points.items():
            dots = [dot_path(self.x(x), self.y(y)) for y, x in points if self.window.shows(y, x)]
            paths[bin_colour(place)] = paths.get(bin_colour(place), "") + "".join(dots)
        with canvas.group(stroke_linecap="round", opacity=self._faded):
            for colour, d in paths.items():
                self._draw_dots(canvas, d, colour, PAPER)

    def _draw_dots(self, canvas: Canvas, d: str, inner: str, outer: str) -> None:
        canvas.path(d, stroke=outer, stroke_width=self._dot + 2)
        canvas.path(d, stroke=inner, stroke_width=self._dot)

    def _draw_asked(self, canvas: Canvas) -> None:
        asked = self.scene.asked
        if asked is None:
            return
        colour = bin_colour(asked)
        if asked in self.scene.bins:
            box, inset = self.scene.bins[asked], self._inset(asked)
            canvas.path(self._filling(box, inset), fill=colour, fill_opacity=0.1)
            canvas.path(self._outline(box, inset), fill="none", stroke=PAPER, stroke_width=6)
            canvas.path(self._outline(box, inset), fill="none", stroke=colour, stroke_width=3.5)

    def _draw_rings(self, canvas: Canvas) -> None:
        for ring in self.scene.rings:
            if self.window.shows(ring.y + HALF, ring.x + HALF):
                x, y = self.x(ring.x + HALF), self.y(ring.y + HALF)
                radius = ring.radius * self.cell
                canvas.circle(x, y, radius, fill="none", stroke=ring.colour, stroke_width=2.5)

    def _draw_spokes(self, canvas: Canvas) -> None:
        """The asked bin's sample points, with lines to their neighbours; those that count as 0 are hollow."""
        if self.scene.asked is None:
            return
        colour = bin_colour(self.scene.asked)
        shown = [spokes for spokes in self.scene.spokes if self.window.shows(*spokes.point)]
        if len(shown) <= MOST_SPOKES:
            lines = [
                polyline([(self.x(spokes.point[1]), self.y(spokes.point[0])), (self.x(column), self.y(row))])
                for spokes in shown
                for row, column in spokes.neighbours
            ]
            canvas.path("".join(lines), stroke=colour, stroke_width=1.2)
        dots = {True: "", False: ""}
        for spokes in shown:
            y, x = spokes.point
            dots[bool(spokes.neighbours)] += dot_path(self.x(x), self.y(y))
        with canvas.group(stroke_linecap="round"):
            self._draw_dots(canvas, dots[True], colour, PAPER)
            self._draw_dots(canvas, dots[False], PAPER, colour)
