"""Where the cropped part lies: the whole map, small, with the RoI and the asked bin on it."""

from __future__ import annotations

from roikit._svg import INK, MUTED, Canvas, shade, text_width

from ._scene import Box, Scene, Window, bin_colour

SIDE, HEADING = 110, 24


class Overview:
    """The whole map with its top left pixel at (left, top), at most `SIDE` pixels high and wide."""

    def __init__(self, scene: Scene, window: Window, left: float, top: float) -> None:
        H, W = scene.plane.shape
        self._scene, self._window, self._left, self._top = scene, window, left, top + HEADING
        self._cell = SIDE / max(H, W)
        self._heading = f"the whole map, {H}×{W}"
        self.right = left + max(W * self._cell, text_width(self._heading, 11.5))
        self.bottom = self._top + H * self._cell

    def draw(self, canvas: Canvas) -> None:
        H, W = self._scene.plane.shape
        rows, columns = self._window.rows, self._window.columns
        canvas.text(self._left, self._top - 9, self._heading, font_size=11.5, fill=MUTED)
        self._box(canvas, Box(0, 0, H, W), fill=shade(0.0), stroke=MUTED)
        shown = Box(rows.start, columns.start, rows.stop, columns.stop)
        self._box(canvas, shown, fill=shade(0.7), stroke=MUTED)
        if self._scene.region is not None:
            self._box(canvas, self._scene.region, fill="none", stroke=INK, stroke_width=1.5)
        if self._scene.asked is not None:
            colour = bin_colour(self._scene.asked)
            self._box(canvas, self._scene.focus(), fill=colour, stroke=colour, stroke_width=2)

    def _box(self, canvas: Canvas, box: Box, **attributes: object) -> None:
        H, W = self._scene.plane.shape
        seen = Window(range(H), range(W)).clip(box)
        if seen.bottom >= seen.top and seen.right >= seen.left:
            canvas.rect(
                self._left + seen.left * self._cell,
                self._top + seen.top * self._cell,
                (seen.right - seen.left) * self._cell,
                (seen.bottom - seen.top) * self._cell,
                **attributes,
            )
