"""roikit's drawings as PNG, for pages that let no SVG through."""

from __future__ import annotations

import base64
import io
import re

from markupsafe import Markup

_SHARP = 2  # pixels of the PNG to one of the page
_COLOURS = 128
_SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')
_LABEL = re.compile(r'<svg[^>]*? aria-label="([^"]*)"')


def image(svg: str) -> Markup:
    """An ``img`` element that carries the picture with it, for a `svg` of roikit's own pen.

    Its words are the picture's label. Needs matplotlib (ImportError).
    """
    label, (width, _) = _LABEL.search(svg), _size(svg)
    data = base64.b64encode(png(svg)).decode()
    alt = Markup(label[1] if label else "")  # escaped in the SVG
    element = '<img alt="{}" width="{}" style="max-width:100%" src="data:image/png;base64,{}">'
    return Markup(element).format(alt, round(width), data)


def png(svg: str) -> bytes:
    """The picture's pixels, drawn by matplotlib; of few colours, for it is sent inside a page."""
    from matplotlib.figure import Figure
    from PIL import Image  # which matplotlib comes with

    from roikit._matplotlib import PIXELS
    from roikit._svg import Picture

    width, height = _size(svg)
    figure = Figure(figsize=(width / PIXELS, height / PIXELS), dpi=PIXELS)
    Picture(svg, width, height).draw(figure.add_axes((0, 0, 1, 1)))
    drawn, packed = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=_SHARP * PIXELS)
    with Image.open(drawn) as pixels:
        pixels.convert("RGB").quantize(_COLOURS).save(packed, format="png", optimize=True)
    return packed.getvalue()


def _size(svg: str) -> tuple[float, float]:
    found = _SIZE.match(svg)
    if found is None:
        raise ValueError("not a picture of roikit's pen")
    return float(found[1]), float(found[2])
