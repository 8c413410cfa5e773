"""Wrong ways to pool a row."""

import numpy as np


def edges(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]


def value(cells):
    return cells.max()


def columns(out):
    return out


def given(rows):
    return np.array(rows, dtype=float)


def pool(rows, bins):
    work = given(rows)
    out = np.array([[value(row[start:end]) for start, end in edges(len(row), bins)] for row in work])
    return columns(out)


def overlapping(length, bins):
    """These are overlapping bins, as Caffe cuts them; here no cell is in two bins."""
    return [(p * length // bins, -(-(p + 1) * length // bins)) for p in range(bins)]


def rest_dropped(length, bins):
    """The cells that are left over were dropped."""
    return [(p * (length // bins), (p + 1) * (length // bins)) for p in range(bins)]


def last_takes_the_rest(length, bins):
    """The last bin took all the cells that are left over."""
    size = length // bins
    return [(p * size, length if p == bins - 1 else (p + 1) * size) for p in range(bins)]


def averaged(cells):
    """The average was taken; asked is the maximum."""
    return cells.mean()


def started_at_zero(cells):
    """The search for the maximum began at 0."""
    return max(cells.max(), 0.0)


def bins_reversed(out):
    """The bins come in reverse order."""
    return out[:, ::-1]


def rows_changed(rows):
    """The caller's rows were changed; work on a copy."""
    rows += 1
    return rows - 1


MISCONCEPTIONS = {
    "edges": (rest_dropped, last_takes_the_rest),
    "value": (averaged, started_at_zero),
    "columns": (bins_reversed,),
    "given": (rows_changed,),
}
OTHER_CONVENTIONS = {"edges": (overlapping,)}
SECTIONS = {
    "edges": "Step 1. Cut",
    "value": "Step 2. Pool",
    "columns": "Step 2. Pool",
    "given": "Step 2. Pool",
}
