"""Draws a picture on matplotlib's axes, shape by shape, so that there is one style everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np

from roikit._svg import Picture, box_path

Look = Mapping[str, str]

PIXELS = 96  # an inch, as in a browser
ANCHORS = {"middle": "center", "end": "right"}
INHERITED = (
    "fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "font-size", "font-weight",
    "font-style", "text-anchor",
)


def draw(picture: Picture, ax: Any = None) -> Any:
    if ax is None:
        from matplotlib import pyplot

        figure = pyplot.figure(figsize=(picture.width / PIXELS, picture.height / PIXELS))
        ax = figure.add_axes((0, 0, 1, 1))
    _fit(ax, picture)
    # What is a length in pixels of the picture, in points on the axes as they are now.
    points = ax.get_window_extent().width / picture.width * 72 / ax.figure.dpi
    _draw(ax, picture, ElementTree.fromstring(picture.svg), {}, points)
    return ax


def _fit(ax: Any, picture: Picture) -> None:
    """The picture fills the axes, in the map's units."""
    left, top = _units(picture, 0, 0)
    right, bottom = _units(picture, picture.width, picture.height)
    ax.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", anchor="NW")
    ax.set_axis_off()
    ax.apply_aspect()


def _units(picture: Picture, x: Any, y: Any) -> tuple[Any, Any]:
    return (x - picture.left) / picture.cell, (y - picture.top) / picture.cell


def _draw(ax: Any, picture: Picture, element: ElementTree.Element, look: Look, points: float) -> None:
    """One shape; or all of a group, with the group's look where they have none of their own."""
    given = element.attrib
    look = {**look, **{name: given[name] for name in INHERITED if name in given}}
    look["opacity"] = str(float(look.get("opacity", "1")) * float(given.get("opacity", "1")))
    kind = element.tag.rpartition("}")[2]
    if kind == "text":
        _text(ax, picture, element, look, points)
    elif kind not in ("svg", "g"):
        _shape(ax, picture, element, look, points)
    elif "transform" in given:
        shift = float(given["transform"].removeprefix("translate(").removesuffix(")"))
        picture = replace(picture, left=picture.left - shift)
    for inner in element:
        _draw(ax, picture, inner, look, points)


def _text(ax: Any, picture: Picture, element: ElementTree.Element, look: Look, points: float) -> None:
    x, y = _units(picture, float(element.get("x", "0")), float(element.get("y", "0")))
    ax.text(
        x,
        y,
        (element.text or "").replace("$", r"\$"),  # no formula
        color=look.get("fill"),
        fontsize=float(look["font-size"]) * points,
        fontweight=look.get("font-weight", "normal"),
        fontstyle=look.get("font-style", "normal"),
        horizontalalignment=ANCHORS.get(look.get("text-anchor", ""), "left"),
        verticalalignment="baseline",
    )


def _shape(ax: Any, picture: Picture, element: ElementTree.Element, look: Look, points: float) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Circle, PathPatch
    from matplotlib.path import Path

    width, opacity = float(look.get("stroke-width", "1")), float(look["opacity"])
    stroke = "none" if "stroke" not in look else to_rgba(look["stroke"], opacity)
    filling = opacity * float(element.get("fill-opacity", "1"))
    fill = "none" if look["fill"] == "none" else to_rgba(look["fill"], filling)
    if look.get("stroke-linecap") == "round":  # lines without length: dots
        for x, y in _corners(element.attrib["d"])[0][::2]:
            centre = _units(picture, x, y)
            ax.add_patch(Circle(centre, width / 2 / picture.cell, facecolor=stroke, edgecolor="none"))
        return
    dashes = [float(part) / width for part in look.get("stroke-dasharray", "").split()]
    drawn = {
        "facecolor": fill,
        "edgecolor": stroke,
        "linewidth": 0 if stroke == "none" else width * points,
        "linestyle": (0, dashes) if dashes else "solid",
    }
    if "r" in element.attrib:
        centre = _units(picture, float(element.attrib["cx"]), float(element.attrib["cy"]))
        ax.add_patch(Circle(centre, float(element.attrib["r"]) / picture.cell, **drawn))
        return
    corners, codes = _corners(_outline(element))
    x, y = _units(picture, *np.array(corners).T)
    ax.add_patch(PathPatch(Path(np.column_stack([x, y]), codes), joinstyle="miter", **drawn))


def _outline(element: ElementTree.Element) -> str:
    if "d" in element.attrib:
        return element.attrib["d"]
    x, y, width, height = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
    return box_path(x, y, width, height)


def _corners(d: str) -> tuple[list[tuple[float, float]], list[int]]:
    """The corners (x, y) of the pen's paths, and matplotlib's code for each: 1 to begin, 2 for a line, 79 to
    close."""
    corners: list[tuple[float, float]] = []
    codes: list[int] = []
    for command, given in re.findall(r"([MLhvz])([^MLhvz]*)", d):
        numbers = [float(part) for part in given.split()]
        x, y = corners[-1] if corners else (0.0, 0.0)
        if command in "ML":
            x, y = numbers
        elif command == "h":
            x += numbers[0]
        elif command == "v":
            y += numbers[0]
        corners.append((x, y))
        codes.append({"M": 1, "z": 79}.get(command, 2))
    return corners, codes
