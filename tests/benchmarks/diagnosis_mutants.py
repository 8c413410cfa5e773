"""Wrong programs made of right ones, by a change of their syntax tree.

`labelled` changes what a known mistake changes, wherever the right program's text leaves no doubt that the
change is that mistake and no other. `at_random` changes any operator, number or name: what is wrong with the
result, nobody has said.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from diagnosis_programs import Program, load

from grader.records import Cell, Source

_MAXIMUM = ("max", "amax")
_CELLS = ("(1, 2)",)  # the axes of a bin's cells, as they are written
#: A node, changed; None where there is nothing to change.
Change = Callable[[ast.AST], "ast.AST | None"]


@dataclass(frozen=True)
class Operator:
    """One mistake: `change` is made at every place of `function` where it applies, and these are `sites`."""

    fault: str
    function: str
    change: Change
    sites: tuple[int, ...] = (1,)
    not_in: str = ""  # a right program in which the same change is another mistake


class _Edit(ast.NodeTransformer):
    def __init__(self, change: Change) -> None:
        self._change, self.sites = change, 0

    def visit(self, node: ast.AST) -> ast.AST:
        node = self.generic_visit(node)
        changed = self._change(node)
        self.sites += changed is not None
        return node if changed is None else changed


# ------------------------------------------------------------------ changes
def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _is_call(node: ast.AST, name: str) -> bool:
    """A call of ``name``, ``np.name`` or ``values.name``."""
    called = node.func if isinstance(node, ast.Call) else None
    return getattr(called, "id", getattr(called, "attr", "")) == name


def _rounded(new: str) -> Change:
    """``np.floor(x)`` -> ``np.ceil(x)``; ``math.floor(x)``, an integer, -> ``int(np.ceil(float(x)))``."""

    def change(node: ast.AST) -> ast.AST | None:
        if not _is_call(node, "floor") and not _is_call(node, "ceil"):
            return None
        argument = ast.unparse(node.args[0])
        is_array = ast.unparse(node.func).startswith("np.")
        return _expression(f"np.{new}({argument})" if is_array else f"int(np.{new}(float({argument})))")

    return change


def _named(old: str, new: str) -> Change:
    """Another name (or attribute) wherever ``old`` is called or handed on."""

    def change(node: ast.AST) -> ast.AST | None:
        if isinstance(node, ast.Name) and node.id == old:
            return ast.Name(new, node.ctx)
        if isinstance(node, ast.Attribute) and node.attr == old:
            return ast.Attribute(node.value, new, node.ctx)
        return None

    return change


def _reduced_by(old: tuple[str, ...], new: str, axes: tuple[str, ...] = ()) -> Change:
    """``cells.max(axis=...)`` and ``np.max(cells, axis=...)`` become another reduction."""

    def change(node: ast.AST) -> ast.AST | None:
        called = node.func if isinstance(node, ast.Call) else None
        if not isinstance(called, ast.Attribute) or called.attr not in old or len(node.keywords) != 1:
            return None
        if axes and ast.unparse(node.keywords[0].value) not in axes:
            return None
        return ast.Call(ast.Attribute(called.value, new, called.ctx), node.args, node.keywords)

    return change


def _over_everything(node: ast.AST) -> ast.AST | None:
    """``cells.max(axis=(1, 2))`` -> ``cells.max()``."""
    reduced = _reduced_by(_MAXIMUM, "max", _CELLS)(node)
    return None if reduced is None else ast.Call(reduced.func, reduced.args, [])


def _without_scale(node: ast.AST) -> ast.AST | None:
    is_scale = isinstance(node, ast.Name) and node.id == "spatial_scale" and isinstance(node.ctx, ast.Load)
    return ast.Constant(1.0) if is_scale else None


def _divided_by_scale(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return None
    if not any(isinstance(side, ast.Name) and side.id == "spatial_scale" for side in (node.left, node.right)):
        return None
    other = node.left if isinstance(node.right, ast.Name) else node.right
    return ast.BinOp(other, ast.Div(), _expression("spatial_scale"))


def _targets(old: str, new: str) -> Change:
    """``x1, y1 = ...`` -> ``y1, x1 = ...``."""

    def change(node: ast.AST) -> ast.AST | None:
        if not isinstance(node, ast.Assign) or ast.unparse(node.targets[0]).strip("()") != old:
            return None
        target = ast.parse(f"{new} = 0").body[0].targets[0]
        return ast.Assign([target], node.value)

    return change


def _at_least_one(new: str) -> Change:
    """``max(b - a, 1)`` -> an expression of ``{size}``."""

    def change(node: ast.AST) -> ast.AST | None:
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("max", "np.maximum"):
            return None
        least = [argument for argument in node.args if ast.unparse(argument) in ("1", "1.0")]
        sizes = [argument for argument in node.args if argument not in least]
        if len(least) != 1 or len(sizes) != 1:
            return None
        return _expression(new.format(size=ast.unparse(sizes[0])))

    return change


def _image(new: str) -> Change:
    """``features[int(image)]`` -> ``features[new]``."""

    def change(node: ast.AST) -> ast.AST | None:
        is_image = isinstance(node, ast.Subscript) and ast.unparse(node.value) == "features"
        if not is_image or not _is_call(node.slice, "int"):
            return None
        return ast.Subscript(node.value, _expression(new), node.ctx)

    return change


def _without_dtype(node: ast.AST) -> ast.AST | None:
    """``out = np.zeros(shape, dtype=features.dtype)`` -> ``out = np.zeros(shape)``."""
    made = node.value if isinstance(node, ast.Assign) else None
    if not isinstance(made, ast.Call) or ast.unparse(made.func) not in ("np.zeros", "np.empty"):
        return None
    return ast.Assign(node.targets, ast.Call(made.func, made.args[:1], []))


def _without_astype(node: ast.AST) -> ast.AST | None:
    is_cast = _is_call(node, "astype") and ast.unparse(node.args[0]) == "features.dtype"
    return node.func.value if is_cast else None


def _end_rounded_up(node: ast.AST) -> ast.AST | None:
    """``(p + 1) * n // P`` -> its ceiling."""
    is_end = isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv)
    factors = (node.left.left, node.left.right) if is_end and isinstance(node.left, ast.BinOp) else ()
    if not any(ast.unparse(factor) in ("p + 1", "i + 1") for factor in factors):
        return None
    return _expression(f"-(-({ast.unparse(node.left)}) // {ast.unparse(node.right)})")


def _without_one(node: ast.AST) -> ast.AST | None:
    """``x2 + 1`` -> ``x2``."""
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    return node.left if is_sum and ast.unparse(node.right) == "1" else None


def _without_zero_limit(node: ast.AST) -> ast.AST | None:
    """``[max(top, 0) : max(bottom, 0)]`` -> ``[top:bottom]``."""
    ends = (node.lower, node.upper) if isinstance(node, ast.Slice) else ()
    if not ends or not all(_is_call(end, "max") and "0" in map(ast.unparse, end.args) for end in ends):
        return None
    free = [next(value for value in end.args if ast.unparse(value) != "0") for end in ends]
    return ast.Slice(*free)


def _without_guard(node: ast.AST) -> ast.AST | None:
    """``if cells.size: ...`` -> its body."""
    is_guard = isinstance(node, ast.If) and ".size" in ast.unparse(node.test) and not node.orelse
    return ast.If(ast.Constant(True), node.body, []) if is_guard else None


def _half(new: str) -> Change:
    """``y1 - 0.5`` -> an expression of ``{y}``."""

    def change(node: ast.AST) -> ast.AST | None:
        is_difference = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
        if not is_difference or ast.unparse(node.right) != "0.5":
            return None
        return _expression(new.format(y=ast.unparse(node.left)))

    return change


def _second_neighbour_free(node: ast.AST) -> ast.AST | None:
    """``np.minimum(low + 1, length - 1)`` -> ``low + 1``."""
    is_limited = isinstance(node, ast.Call) and ast.unparse(node.func) in ("np.minimum", "min")
    return node.args[0] if is_limited and "+ 1" in ast.unparse(node.args[0]) else None


def _never_outside(node: ast.AST) -> ast.AST | None:
    """``np.where(outside, 0, value)`` -> ``value``."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) != "np.where" or len(node.args) != 3:
        return None
    values = [value for value in node.args[1:] if not ast.unparse(value).startswith(("0", "np.zeros"))]
    return values[0] if len(values) == 1 else None


def _order(*places: int) -> Change:
    """The four weights in another order."""

    def change(node: ast.AST) -> ast.AST | None:
        if not isinstance(node, (ast.List, ast.Tuple)) or len(node.elts) != 4:
            return None
        if not all(isinstance(weight, (ast.BinOp, ast.Name)) for weight in node.elts):
            return None
        if isinstance(getattr(node, "ctx", None), ast.Store):
            return None
        return type(node)([node.elts[place] for place in places], node.ctx)

    return change


def _width_is_height(node: ast.AST) -> ast.AST | None:
    """``x > W`` -> ``x > H``."""
    if not isinstance(node, ast.Compare) or ast.unparse(node.comparators[-1]) not in ("W", "width"):
        return None
    other = {"W": "H", "width": "height"}[ast.unparse(node.comparators[-1])]
    return ast.Compare(node.left, node.ops, [*node.comparators[:-1], _expression(other)])


_CORNERS, _TURNED = "x1, y1, x2, y2", "y1, x1, y2, x2"
_TWICE = (2,)
_SOME = (1, 2, 4)
_OUTPUTS = (("PH, PW", "PW, PH"), ("ph, pw", "pw, ph"))
_LAYER = {
    assignment: (
        Operator("batch_index_ignored", assignment, _image("0")),
        Operator("roi_number_as_image", assignment, _image("k")),
        Operator("always_float64", assignment, _without_dtype),
        *(Operator("output_size_swapped", assignment, _targets(*names)) for names in _OUTPUTS),
    )
    for assignment in ("roi_pool", "roi_align")
}

#: By assignment; the same change in two functions can be two mistakes.
OPERATORS: dict[str, tuple[Operator, ...]] = {
    "roi_pool": (
        Operator("ends_rounded_up", "quantize_roi", _rounded("ceil"), _SOME),
        Operator("halves_to_even", "quantize_roi", _rounded("rint"), _SOME),
        Operator("cut_toward_zero", "quantize_roi", _rounded("trunc"), _SOME),
        Operator("scale_forgotten", "quantize_roi", _without_scale, _SOME),
        Operator("scale_inverted", "quantize_roi", _divided_by_scale, _SOME),
        Operator("overlapping_bins", "bin_edges", _end_rounded_up),
        Operator("overlapping_bins", "roi_pool", _named("bin_edges", "bin_edges_overlap"), _SOME),
        Operator("truncated_bins", "roi_pool", _named("bin_edges", "bin_edges_truncate"), _SOME),
        Operator("averaged", "pool_bins", _reduced_by(_MAXIMUM, "mean", _CELLS)),
        Operator("channels_mixed", "pool_bins", _over_everything),
        Operator("negative_index_wraps", "pool_bins", _without_zero_limit, _TWICE),
        Operator("empty_bin_crashes", "pool_bins", _without_guard),
        Operator("x_and_y_swapped", "roi_pool", _targets(_CORNERS, _TURNED)),
        Operator("no_minimum_size", "roi_pool", _at_least_one("{size}"), _TWICE),
        Operator("inclusive_ends", "roi_pool", _at_least_one("max({size} + 1, 1)"), _TWICE),
        Operator("truncate_without_minimum", "bin_edges_truncate", _at_least_one("{size}"), (1,), "scatter"),
        Operator("caffe_ends_excluded", "quantize_roi_caffe", _without_one, _TWICE),
        Operator("caffe_disjoint_bins", "roi_pool_caffe", _named("bin_edges_overlap", "bin_edges"), _SOME),
        *_LAYER["roi_pool"],
    ),
    "bilinear": (
        Operator("column_order", "bilinear_weights", _order(0, 2, 1, 3)),
        Operator("opposite_corners", "bilinear_weights", _order(3, 2, 1, 0)),
        Operator("second_neighbour_past_the_end", "neighbours", _second_neighbour_free),
        Operator("rounded_first_neighbour", "neighbours", _rounded("rint")),
        Operator("clamped_everywhere", "bilinear_interpolate", _never_outside),
        Operator("always_float64", "bilinear_interpolate", _without_astype),
        Operator("x_tested_against_height", "bilinear_interpolate", _width_is_height),
    ),
    "roi_align": (
        Operator("half_pixel_forgotten", "box_on_map", _half("{y}"), _TWICE),
        Operator("half_pixel_added", "box_on_map", _half("{y} + 0.5"), _TWICE),
        Operator("scale_forgotten", "box_on_map", _without_scale, _SOME),
        Operator("scale_inverted", "box_on_map", _divided_by_scale, _SOME),
        Operator("x_and_y_swapped", "box_on_map", _targets(_CORNERS, _TURNED)),
        Operator("minimum_size_never", "box_on_map", _at_least_one("{size}"), _TWICE),
        Operator("always_maximum", "sample_bins", _reduced_by(("mean",), "max")),
        Operator("always_average", "sample_bins", _reduced_by(_MAXIMUM, "mean")),
        Operator("summed_not_averaged", "sample_bins", _reduced_by(("mean",), "sum")),
        Operator("adaptive_floor", "roi_align", _rounded("floor"), _TWICE),
        *_LAYER["roi_align"],
    ),
}


# ------------------------------------------------------------------ mutants
def labelled(assignment: str, rng: np.random.Generator, per_operator: int = 3) -> list[Program]:
    """Of each operator some mutants, of as many different right programs."""
    programs = load(assignment, "right")
    found = []
    for operator in OPERATORS[assignment]:
        mutants = [mutant for program in programs if (mutant := _mutant(program, operator)) is not None]
        chosen = rng.permutation(len(mutants))[:per_operator]
        found += [mutants[place] for place in sorted(chosen)]
    return found


def _mutant(program: Program, operator: Operator) -> Program | None:
    tree = ast.parse(program.source.cells[-1].text)
    for place, node in enumerate(tree.body):
        if isinstance(node, ast.FunctionDef) and node.name == operator.function:
            is_loop_over_k = operator.fault != "roi_number_as_image" or "for k" in ast.unparse(node)
            edit = _Edit(operator.change)
            tree.body[place] = edit.visit(node)
            is_certain = is_loop_over_k and Path(program.name).stem != operator.not_in
            if edit.sites in operator.sites and is_certain:
                name = f"mutants/{operator.fault} in {program.name.removeprefix('right/')}"
                return _changed(program, tree, name, (frozenset({operator.fault}),))
    return None


def _changed(program: Program, tree: ast.Module, name: str, labels: tuple[frozenset[str], ...]) -> Program:
    text = ast.unparse(ast.fix_missing_locations(tree))
    source = Source((Cell(f"{program.assignment}.py", text),), is_notebook=False)
    return replace(program, name=name, labels=labels, source=source)


# ------------------------------------------------------------------ at random
_OTHER_OPERATOR = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_OTHER_NAME = {
    "min": "max", "max": "min", "floor": "ceil", "ceil": "floor", "minimum": "maximum", "maximum": "minimum",
    "mean": "max", "height": "width", "width": "height", "H": "W", "W": "H", "PH": "PW", "PW": "PH",
    "x1": "y1", "y1": "x1", "x2": "y2", "y2": "x2",
}  # fmt: skip


def at_random(assignment: str, rng: np.random.Generator, count: int) -> Iterator[Program]:
    """Mutants of right programs with one operator, number or name exchanged; some of them are still right."""
    programs = [p for p in load(assignment, "right") if "while" not in p.source.cells[-1].text]
    for number in range(count):
        program = programs[rng.integers(len(programs))]
        tree = ast.parse(program.source.cells[-1].text)
        places = list(_places(tree))
        change = places[rng.integers(len(places))]
        change(rng)
        name = f"random/{number} of {program.name.removeprefix('right/')}"
        yield _changed(program, tree, name, ())


def _places(tree: ast.Module) -> Iterator[Callable[[np.random.Generator], None]]:
    """Functions that each change one place of the tree."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in _OTHER_OPERATOR:
            yield lambda rng, node=node: setattr(node, "op", _OTHER_OPERATOR[type(node.op)]())
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in _OTHER_OPERATOR:
            yield lambda rng, node=node: node.ops.__setitem__(0, _OTHER_OPERATOR[type(node.ops[0])]())
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield lambda rng, node=node: setattr(node, "value", node.value + rng.choice([-1, 1]).item())
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _OTHER_NAME:
            yield lambda rng, node=node: setattr(node, "id", _OTHER_NAME[node.id])
        elif isinstance(node, ast.Attribute) and node.attr in _OTHER_NAME:
            yield lambda rng, node=node: setattr(node, "attr", _OTHER_NAME[node.attr])
