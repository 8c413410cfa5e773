"""The page on which a student drags a box over a map: one HTML file that works from a folder, offline.

::

    roi.js        pooling and align, function by function as in roikit.reference
    situation.js  what the page shows, and how an address names it
    words.js      numbers and sentences
    picture.js    the maps
    grips.js      the box as something to take hold of
    play.js       the page itself
"""

from __future__ import annotations

import base64
import hashlib
import json
import webbrowser
from dataclasses import asdict
from importlib import resources
from pathlib import Path

import numpy as np

from grader.report.files import write_whole
from roikit import CONVENTIONS, _svg, examples
from roikit.convention import TAUGHT

SCRIPTS = ("roi.js", "situation.js", "words.js", "picture.js", "grips.js", "play.js")
#: Bins a side that the page offers.
MOST_BINS = 7


def write(directory: str | Path) -> Path:
    """Write the page into `directory` and return its path."""
    return write_whole(Path(directory) / "play.html", page())


def show(path: Path) -> bool:
    """Open the page in the browser; whether there is one."""
    return webbrowser.open(path.resolve().as_uri())


def page() -> str:
    """The whole page. Its policy allows its own script and style, by their digests, and nothing else."""
    style = f"{_colours()}\n{_file('play.css')}"
    script = "\n".join(map(_file, SCRIPTS))
    parts = {
        "policy": (
            f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
            "base-uri 'none'; form-action 'none'"
        ),
        "style": style,
        "counts": "".join(f"<option>{bins}</option>" for bins in range(1, MOST_BINS + 1)),
        "data": _data(),
        "script": script,
    }
    text = _file("page.html")
    for name, part in parts.items():
        text = text.replace(f"{{{{{name}}}}}", part)
    return text


def _file(name: str) -> str:
    return (resources.files(__name__) / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _colours() -> str:
    """The colours of roikit's pictures, as the style sheet names them."""
    colours = {
        "ink": _svg.INK, "muted": _svg.MUTED, "hairline": _svg.HAIRLINE, "paper": _svg.PAPER,
        "blue": _svg.BLUE, "orange": _svg.ORANGE, "green": _svg.GREEN, "purple": _svg.PURPLE,
        "wrong": _svg.WRONG, "missed": _svg.MISSED, "low": _svg.shade(0.0), "high": _svg.shade(1.0),
    }  # fmt: skip
    return f":root {{ {' '.join(f'--{name}: {colour};' for name, colour in colours.items())} }}"


def _data() -> str:
    """Maps and conventions as JSON that may stand in a script element."""
    maps = {"course": examples.MAP_8X8, "ramp": examples.ramp(8, 8), "ramp25": examples.ramp(25, 25)}
    data = {
        "maps": {name: np.asarray(plane).tolist() for name, plane in maps.items()},
        "conventions": {name: asdict(CONVENTIONS[name]) for name in TAUGHT},
        "most_bins": MOST_BINS,
    }
    return json.dumps(data).replace("<", "\\u003c")
