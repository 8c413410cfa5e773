"""Random calls of pooling and align, answered by the page's JavaScript and by roikit's kernels."""

import json
from dataclasses import asdict

import numpy as np

from roikit import CONVENTIONS, Convention, examples, quantize_rois, roi_align, roi_pool
from roikit.convention import TAUGHT

MODES = ("max", "avg")

#: Runs in the page, with its own functions; as many answers as there are cases, in their order.
ANSWER = """
(cases => cases.map(({plane, box, size, scale, ratios, conventions}) => {
  const values = bins => bins[0].flat().map(bin => bin.value);
  const W = plane[0].length;
  return {
    regions: conventions.map(convention => quantizeRois([box], scale, convention)[0]),
    pool: conventions.map(convention => ["max", "avg"].map(mode =>
      values(roiPool(plane, [box], size, scale, convention, mode)))),
    argmax: conventions.map(convention => roiPool(plane, [box], size, scale, convention, "max")[0]
      .flat().map(({argmax}) => argmax ? argmax[0] * W + argmax[1] : -1)),
    align: [true, false].map(aligned => ["max", "avg"].map(mode =>
      values(roiAlign(plane, [box], size, scale, ratios, aligned, mode)))),
  };
}))
"""


def random_cases(count, seed=2024):
    """Boxes inside, across and off the map, reversed, under a cell; on lattices, where rounding decides."""
    rng = np.random.default_rng(seed)
    maps = [
        examples.MAP_8X8,
        examples.ramp(8, 8),
        rng.uniform(-1, 1, (8, 8)).round(2),  # the first maximum of several
        rng.normal(size=(5, 9)),
        -rng.uniform(1, 2, (9, 4)),  # below every 0
    ]
    return [_random_case(rng, maps) for _ in range(count)]


def _random_case(rng, maps):
    plane = maps[rng.integers(len(maps))]
    scale = float(rng.choice([1, 1, 0.5, 2, 1 / 16, 1 / 32, 1 / 3, 0.3]))
    cells = rng.uniform(-4, 12, 4)
    if rng.random() < 0.75:  # mostly the right way round
        cells = np.sort(cells.reshape(2, 2), axis=0).ravel()
    if rng.random() < 0.2:
        cells[2:] = cells[:2] + rng.uniform(0, 1, 2)
    lattice = rng.choice([0, 1, 2, 4, 8])
    if lattice:
        cells = np.round(cells * lattice) / lattice
    own = Convention(
        rounding=str(rng.choice(["floor", "round_half_away", "round_half_even"])),
        ends=str(rng.choice(["inclusive", "exclusive"])),
        split=str(rng.choice(["overlap", "disjoint", "truncate"])),
        minimum_size=int(rng.integers(0, 4)),
        empty_value=float(rng.choice([0, -1.5])),
        offset=float(rng.choice([0, 0.5, 0.3])),
        outside=str(rng.choice(["ignore", "zero"])),
    )
    return {
        "plane": plane.tolist(),
        "box": (cells / scale).tolist(),
        "size": rng.integers(1, 8, 2).tolist(),
        "scale": scale,
        "ratios": rng.choice([-1, 1, 2, 3, 4], 2).tolist(),
        "conventions": [asdict(convention) for convention in (*map(CONVENTIONS.get, TAUGHT), own)],
    }


def in_javascript(browser, cases):
    return browser.js(f"{ANSWER.strip()}({json.dumps(cases)})")


def in_the_kernels(case):
    features = np.array(case["plane"])[None, None]
    roi = [[0, *case["box"]]]
    size, scale = tuple(case["size"]), case["scale"]
    conventions = [Convention(**fields) for fields in case["conventions"]]

    def pool(convention, mode):
        return roi_pool(features, roi, size, scale, convention=convention, mode=mode).ravel().tolist()

    def places(convention):
        _, argmax = roi_pool(features, roi, size, scale, convention=convention, return_argmax=True)
        return argmax.ravel().tolist()

    def align(aligned, mode):
        ratios = tuple(case["ratios"])
        return roi_align(features, roi, size, scale, ratios, aligned, mode=mode).ravel().tolist()

    return {
        "regions": [quantize_rois(roi, scale, convention=c)[0, 1:].tolist() for c in conventions],
        "pool": [[pool(convention, mode) for mode in MODES] for convention in conventions],
        "argmax": [places(convention) for convention in conventions],
        "align": [[align(aligned, mode) for mode in MODES] for aligned in (True, False)],
    }


def apart(case, got, expected):
    """Which answers differ: pooling in any bit, align by more than 1e-12 of the largest value on the map."""
    found = [name for name in ("regions", "pool", "argmax") if got[name] != expected[name]]
    if align_error(case, got, expected) > 1e-12:
        found.append("align")
    return found


def align_error(case, got, expected):
    largest = np.abs(case["plane"]).max()
    return float(np.abs(np.array(got["align"]) - np.array(expected["align"])).max() / largest)
