"""The record of a comparison: outputs by name, where they differ, as a table and as pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roikit._svg import INK, Picture
from roikit.explain._explanation import TOLERANCE, MapExplanation, Place, Stage, Tolerance
from roikit.explain._grids import Grid
from roikit.explain._numbers import cell_text, counted, telling_format
from roikit.explain._picture import Card, beside
from roikit.explain._scene import Window

MOST_ROWS = 32  # of the table; of a larger output those that differ
CARD, SAMPLED_CARD = 264, 330  # pixels of the map in a card, at most; sample points need room
NOT_EQUAL = "≠"
TIGHT = Tolerance(TOLERANCE, TOLERANCE)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """One call under several conventions.

    ``print(comparison)`` is a table of the values, those that differ marked with ≠; a notebook shows the
    pictures above it.

    Attributes
    ----------
    outputs : the operation's outputs by name, read-only
    explanations : what `roikit.explain` gives for each, by the same names
    differing : bool array of the outputs' shape: where not all of them are equal, up to 1e-6
    words : what a name stands for, where it does not say it itself
    """

    explanations: Mapping[str, MapExplanation]
    outputs: Mapping[str, NDArray[Any]]
    words: Mapping[str, str] = field(default_factory=dict)
    differing: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        for output in self.outputs.values():
            output.flags.writeable = False
        object.__setattr__(self, "outputs", MappingProxyType(dict(self.outputs)))
        object.__setattr__(self, "explanations", MappingProxyType(dict(self.explanations)))
        object.__setattr__(self, "differing", _differing([*self.outputs.values()]))

    @property
    def operation(self) -> str:
        return next(iter(self.explanations.values())).operation

    def picture(self, index: ArrayLike | None = None) -> Picture:
        """The map under each convention, side by side, with the outputs; a ≠ marks what differs.

        Parameters
        ----------
        index : tuple, optional
            Place in the output whose bin is highlighted, as (k, c, ph, pw); or (k, c) for no highlight.
            Default: the RoI and channel of the first place that differs, else RoI 0, channel 0.

        Raises
        ------
        TypeError, ValueError
            Not an index, or the output has no such place.
        """
        return beside([*self._cards(index).values()], self._headline)

    def draw(self, ax: Any = None, index: ArrayLike | None = None) -> Any:
        """Draw `picture` with matplotlib: axes in, the same axes out; see `Picture.draw`."""
        return self.picture(index).draw(ax)

    def __str__(self) -> str:
        axes = next(iter(self.explanations.values())).axes
        table = [[f"({', '.join(axes)})", *self.outputs, ""], *self._rows()]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in table]
        return "\n".join([self._headline, *lines, *self._left_out()])

    def __repr__(self) -> str:
        names = ", ".join(self.outputs)
        return f"<comparison of {self.operation}: {names}; {self._difference}>"

    def _repr_html_(self) -> str:
        """In the page's own colours, light or dark; cards wrap on a narrow screen."""
        cards = self._cards(None) if self.differing.size else {}
        pictures = "".join(
            f"<div>{card.picture(f'{self.operation}, {name}').svg}</div>" for name, card in cards.items()
        )
        style = "padding:.2em .8em .2em 0;text-align:left;white-space:nowrap"
        names = "".join(f'<th style="{style}">{escape(name)}</th>' for name in ("", *self.outputs, ""))
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td style="{style};font-weight:{"bold" if row[-1] else "normal"}">{escape(text)}</td>'
                for text in row
            )
            + "</tr>"
            for row in self._rows()
        )
        return (
            f'<div style="text-align:left"><b>{escape(self._headline)}</b>'
            '<div style="display:flex;flex-wrap:wrap;gap:.8em;align-items:flex-start;margin:.5em 0">'
            f'{pictures}</div><div style="overflow-x:auto"><table style="border-collapse:collapse;margin:0;'
            f'font-variant-numeric:tabular-nums"><tr>{names}</tr>{rows}</table></div>'
            f"{''.join(map(escape, self._left_out()))}</div>"
        )

    @property
    def _difference(self) -> str:
        count = int(self.differing.sum())
        return f"{count} of {counted(self.differing.size, 'value')} {'differs' if count == 1 else 'differ'}"

    @property
    def _headline(self) -> str:
        return f"{self.operation}: {self._difference}"

    @cached_property
    def _listed(self) -> list[Place]:
        """The places in the table: all, or of many those that differ, as far as there is room."""
        every = np.argwhere(np.ones_like(self.differing) if self._is_small else self.differing)
        return [tuple(place) for place in every[:MOST_ROWS].tolist()]

    @property
    def _is_small(self) -> bool:
        return self.differing.size <= MOST_ROWS

    def _left_out(self) -> list[str]:
        if self._is_small:
            return []
        more = int(self.differing.sum()) - len(self._listed)
        return [f"and {more} more that {'differs' if more == 1 else 'differ'}"] if more else []

    def _rows(self) -> list[list[str]]:
        """Index, value under each convention, and the mark of a difference."""
        if not self._listed:
            return []
        places = tuple(np.array(self._listed).T)
        values = [output[places] for output in self.outputs.values()]
        texts = _texts(values, self.differing[places])
        marks = [NOT_EQUAL if differs else "" for differs in self.differing[places]]
        return [
            [str(place), *row, mark]
            for place, row, mark in zip(self._listed, zip(*texts, strict=True), marks, strict=True)
        ]

    def _cards(self, index: ArrayLike | None) -> dict[str, Card]:
        """The map under each convention, with the output below."""
        if index is None:
            differing = np.argwhere(self.differing)
            index = tuple(differing[0, :2].tolist()) if len(differing) else (0, 0)
        stages = {name: each.stage(index, reveals=True) for name, each in self.explanations.items()}
        first = next(iter(stages.values()))
        lead, crop = first.lead, first.crop
        marked = crop.cut(self.differing[lead])
        texts = _texts([crop.cut(output[lead]) for output in self.outputs.values()], marked)
        most = max(Window.of(stage.scene).side for stage in stages.values())  # cells of one size in all
        return {
            name: self._card(name, stage, Grid("result", texts[at], marked, mark=INK), most)
            for at, (name, stage) in enumerate(stages.items())
        }

    def _card(self, name: str, stage: Stage, grid: Grid, most: int) -> Card:
        scene = stage.scene
        words = [self.words[name]] if name in self.words else []
        room = (SAMPLED_CARD if scene.reads_between_cells else CARD) // most * Window.of(scene).side
        scene = replace(scene, title=name, subtitle=scene.title, notes=(*words, *scene.notes))
        return Card.of(scene, [grid], stage.crop, stage.caption, [], room)


def _differing(outputs: list[NDArray[Any]]) -> NDArray[np.bool_]:
    differing = np.zeros(outputs[0].shape, dtype=bool)
    for one, other in combinations(outputs, 2):
        differing |= TIGHT.wrong(one, other)
    return differing


def _texts(values: list[NDArray[Any]], differing: NDArray[np.bool_]) -> list[NDArray[Any]]:
    """The values under each convention, in one format that tells apart what differs."""
    first, *others = values
    apart = np.concatenate([differing & TIGHT.wrong(first, other) for other in others or [first]])
    repeated = np.concatenate([first for _ in others or [first]])
    form = telling_format(repeated, np.concatenate(others or [first]), apart)
    texts = [[cell_text(value, form) for value in each.flat] for each in values]
    return [np.array(row, dtype=object).reshape(first.shape) for row in texts]
