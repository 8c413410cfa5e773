"""Hand-ins that are not finished, do not run, or cannot be read."""

from __future__ import annotations

import ast
from collections.abc import Callable

from grader.simulate.chance import Chance
from grader.simulate.kinds import Expectation, File
from grader.simulate.material import Material
from grader.simulate.program import Program, as_handed_out, handed_in
from grader.simulate.wrong import right

#: How often each is seen among them; a call without an end costs the grader seconds, and is rare.
VARIETIES = {
    "stub": 4.0, "half finished": 5.0, "syntax error": 3.0, "function missing": 2.0, "wrong name": 2.0,
    "raises": 3.0, "returns nothing": 1.5, "wrong shape": 1.5, "wrong type": 1.0, "prints too much": 0.7,
    "unreadable": 1.0, "empty": 1.0, "endless": 0.5,
}  # fmt: skip
#: What each comes to, where it is not less than full.
EXPECTATIONS: dict[str, Expectation] = {"stub": "zero", "unreadable": "refused", "empty": "refused"}

_RAISES = (
    'raise ValueError("should not happen")', "1 / 0", "[][0]", "None.shape", 'int("cell")',
    "print(undefined_name)", '{}["rows"]', "import torch", "assert False",
)  # fmt: skip
#: What a last ``return`` becomes.
_RETURNS = {
    "returns nothing": "print(({}))", "wrong shape": "return [({})]", "wrong type": "return str(({}))",
}  # fmt: skip
_FIRST = {
    "endless": "while True:\n{indent}    pass",
    "prints too much": 'for line in range(40_000):\n{indent}    print("still here " * 50)',
}


def hand_in(material: Material, chance: Chance) -> tuple[str, File]:
    """A hand-in that is broken, and its variety."""
    variety = chance.weighted(VARIETIES)
    if variety == "stub":
        return variety, as_handed_out(material)
    if variety == "empty":
        return variety, (f"{material.name}.ipynb", b"")
    program = right(material, chance)
    if variety == "unreadable":
        _, data = handed_in(program, material, chance)
        return variety, (f"{material.name}.ipynb", data[: len(data) // 4 + chance.below(len(data) // 2)])
    change = _CHANGES.get(variety)
    function = chance.pick(material.functions)
    if change is not None:
        program = change(program, function, material, chance)
    elif variety in _RETURNS:
        program = _returns(program, function, _RETURNS[variety])
    else:
        statement = _FIRST.get(variety) or chance.pick(_RAISES)
        program = program.with_function(function, begun_with(program.text_of(function), statement))
    return variety, handed_in(program, material, chance)


def begun_with(text: str, statement: str) -> str:
    """A function with this statement before all others."""
    [node] = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    has_docstring = ast.get_docstring(node) is not None and len(node.body) > 1
    first = node.body[has_docstring]
    lines = text.split("\n")
    if first.lineno == node.lineno:  # def f(x): return x
        return f"def {node.name}(*args, **kwargs):\n    {statement.format(indent='    ')}"
    indent = " " * first.col_offset
    lines[first.lineno - 1 : first.lineno - 1] = [indent + statement.replace("{indent}", indent)]
    return "\n".join(lines)


def _returns(program: Program, function: str, instead: str) -> Program:
    """The last ``return`` of a function gives something else."""
    text = program.text_of(function)
    [node] = ast.parse(text).body
    last = node.body[-1] if isinstance(node, ast.FunctionDef) else None
    if not isinstance(last, ast.Return) or last.value is None:
        return program.with_function(function, begun_with(text, "return None"))
    lines = text.split("\n")
    value = ast.get_source_segment(text, last.value)
    indent = lines[last.lineno - 1].encode()[: last.col_offset].decode()
    lines[last.lineno - 1 : last.end_lineno] = (indent + instead.format(value)).split("\n")
    return program.with_function(function, "\n".join(lines))


# ------------------------------------------------------------------ of whole functions
def _half(program: Program, function: str, material: Material, chance: Chance) -> Program:
    """From `function` on all is as it was handed out."""
    first = material.functions.index(function)
    for left in material.functions[first:]:
        program = program.with_function(left, None).with_function(left, material.stubs[left])
    return program


def _syntax(program: Program, function: str, material: Material, chance: Chance) -> Program:
    return program.with_function(function, program.text_of(function) + "\n    )")


def _missing(program: Program, function: str, material: Material, chance: Chance) -> Program:
    return program.with_function(function, None)


def _misnamed(program: Program, function: str, material: Material, chance: Chance) -> Program:
    other = chance.pick((f"my_{function}", f"{function}2", f"{function}_final", f"{function}_1"))
    text = program.text_of(function).replace(f"def {function}(", f"def {other}(", 1)
    return program.with_function(function, text)


_CHANGES: dict[str, Callable[[Program, str, Material, Chance], Program]] = {
    "half finished": _half, "syntax error": _syntax, "function missing": _missing, "wrong name": _misnamed,
}  # fmt: skip
