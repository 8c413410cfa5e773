"""A student's program: what each function asked of them is made of, and the file that they hand in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grader.simulate.chance import Chance
from grader.simulate.kinds import File
from grader.simulate.material import HandedOutCell, Material
from grader.simulate.parts import Part, Piece, merged
from grader.simulate.style import remark, restyled

#: How many hand in a module, and how many of the others leave a cell of their own here and there.
MODULES, SCRATCH = 0.1, 0.08
_SCRATCH = (
    "x = np.arange(9).reshape(3, 3)\nx", "x = np.arange(9)\nprint(x[2:{n}])",
    "np.floor(-0.5), np.ceil(-0.5), round(2.5)", "a, b = {n}, 4\na // b, -(-a // b)",
    "for i in range(3):\n    print(i, i * {n} // 3)", "print('hello {n}')",
    "import matplotlib.pyplot as plt\nplt.imshow(np.arange({n} * 4).reshape(4, {n}))", "help(np.maximum)",
    "%time sum(range({n}))", "test_map = np.sin(np.arange(64)).reshape(1, 8, 8)\ntest_map.max(axis=(1, 2))",
    "# {remark}", "import math\nmath.floor({n} / 4)", "assert np.allclose(np.float32(0.5), 0.5)",
    "np.array([1, 2, {n}]).dtype", "%matplotlib inline\nimport matplotlib.pyplot as plt",
)  # fmt: skip
_SCRATCH_NAMES = {"x", "a", "b", "test_map"}
_IMPORTS = (
    "import math", "import sys", "import itertools", "import matplotlib.pyplot as plt", "import pandas as pd",
)  # fmt: skip
_ANSWERS = (
    "YOUR ANSWER HERE", "", "I think it is {n}, because the box is rounded down.",
    "(a) {n} (b) yes, see above", "The half cell. It moves everything by 0.5.", "no idea, sorry",
    "(a) {n} pixels. (b) the small ones, most of all.",
)  # fmt: skip


@dataclass(frozen=True)
class Program:
    """What each function asked of the students is made of; one that is not there was not written."""

    pieces: Mapping[str, Piece]

    def with_function(self, name: str, text: str | None) -> Program:
        """`name` as `text` has it, its helpers as they were; None leaves it out."""
        kept = {function: one for function, one in self.pieces.items() if function != name}
        if text is None:
            return Program(kept)
        helpers = [part for part in self.pieces.get(name, ()) if name not in part.names]
        return Program({**self.pieces, name: (*helpers, Part((name,), text))})

    def text_of(self, name: str) -> str:
        """Of the function itself, without its helpers."""
        return next(part.text for part in self.pieces[name] if name in part.names)

    @property
    def parts(self) -> tuple[Part, ...] | None:
        """All of it, each part once; None if its pieces do not fit together."""
        return merged(self.pieces.values())


def handed_in(program: Program, material: Material, chance: Chance) -> File:
    """The file of one student, in a style of their own."""
    parts = list(dict.fromkeys(part for piece in program.pieces.values() for part in piece))
    names = {name for part in parts if not _is_given(part, material) for name in part.names}
    styled = {part: part.text if part.is_import else restyled(part.text, chance) for part in parts}
    if chance.happens(MODULES) or names & material.later:  # a notebook would bind these anew
        return f"{material.name}.py", _module(styled, chance).encode()
    scratch = 0.0 if names & _SCRATCH_NAMES else SCRATCH
    return f"{material.name}.ipynb", _notebook(program, styled, material, chance, scratch).encode()


def as_handed_out(material: Material) -> File:
    """The notebook, untouched."""
    return f"{material.name}.ipynb", material.untouched


def _is_given(part: Part, material: Material) -> bool:
    return any(material.given.get(name) == part.text for name in part.names)


# ------------------------------------------------------------------ a module
def _module(styled: Mapping[Part, str], chance: Chance) -> str:
    imports = [text for part, text in styled.items() if part.is_import]
    imports += [one for one in chance.some(_IMPORTS, 0.15) if one not in imports]
    rest = [text for part, text in styled.items() if not part.is_import]
    title = f"# {remark(chance)}\n" if chance.happens(0.5) else ""
    shown = f"print({chance.below(100)})" if chance.happens(0.5) else "pass"
    ending = f'\n\nif __name__ == "__main__":\n    {shown}\n' if chance.happens(0.4) else "\n"
    gap = "\n\n\n" if chance.happens(0.6) else "\n\n"
    return title + "\n".join(imports) + gap + gap.join(rest) + ending


# ------------------------------------------------------------------ a notebook
def _notebook(
    program: Program, styled: Mapping[Part, str], material: Material, chance: Chance, scratch: float
) -> str:
    written: set[Part] = set()
    cells = []
    for number, cell in enumerate(material.cells):
        if cell.functions:
            texts = [_cell_text(function, program, styled, material, written) for function in cell.functions]
            texts = ["\n".join(chance.some(_IMPORTS, 0.04)), *texts]
            cells.append(cell.with_source("\n\n\n".join(filter(None, texts))))
        elif cell.is_answer:
            cells.append(cell.with_source(chance.pick(_ANSWERS).format(n=chance.below(99))))
        else:
            cells.append(cell.text)
        if cell.is_code and number > 2 and chance.happens(scratch):  # NumPy is imported by then
            text = chance.pick(_SCRATCH).format(n=3 + chance.below(40), remark=remark(chance))
            cells.append(_own_cell(number).with_source(text))
    return '{\n"cells": [\n' + ",\n".join(cells) + "\n]," + material.ending + "\n"


def _cell_text(
    function: str, program: Program, styled: Mapping[Part, str], material: Material, written: set[Part]
) -> str:
    """A function with those of its helpers that no cell has yet."""
    texts: list[str] = []
    imports: list[str] = []
    for part in program.pieces.get(function, ()):
        if part not in written and not _is_given(part, material):
            (imports if part.is_import else texts).append(styled[part])
        written.add(part)
    return "\n\n\n".join(["\n".join(imports)] * bool(imports) + texts)


@lru_cache
def _own_cell(number: int) -> HandedOutCell:
    cell: dict[str, Any] = {
        "cell_type": "code", "execution_count": None, "id": f"own-{number}", "metadata": {}, "outputs": [],
        "source": [],
    }  # fmt: skip
    return HandedOutCell(json.dumps(cell, indent=1), (), is_code=True, is_answer=False)
