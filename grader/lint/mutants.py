"""Slips of the hand in a piece of source, one at a time: a syntax tree says where, the text is changed there.

So a mutant keeps the lines of its source, and the line that differs can be shown as it was written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from grader.lint.records import Mutant

_ARITHMETIC = {
    ast.Add: ("+", ("-",)), ast.Sub: ("-", ("+",)), ast.Mult: ("*", ("/",)), ast.Div: ("/", ("*", "//")),
    ast.FloorDiv: ("//", ("/", "*")), ast.Mod: ("%", ("//",)), ast.Pow: ("**", ("*",)),
    ast.BitAnd: ("&", ("|",)), ast.BitOr: ("|", ("&",)), ast.MatMult: ("@", ("*",)),
}  # fmt: skip
_COMPARISONS = {
    ast.Lt: ("<", ("<=", ">=")), ast.LtE: ("<=", ("<", ">")), ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")), ast.Eq: ("==", ("!=",)), ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)), ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)), ast.NotIn: ("not in", ("in",)),
}  # fmt: skip
_NAMES = {
    "floor": ("ceil", "rint"), "ceil": ("floor", "rint"), "rint": ("floor",), "round": ("int",),
    "trunc": ("floor",), "max": ("min",), "min": ("max",), "maximum": ("minimum",), "minimum": ("maximum",),
    "any": ("all",), "all": ("any",),
}  # fmt: skip
#: Attributes alone: as names of builtins these do not exist, or mean something else.
_ATTRIBUTES = _NAMES | {
    "floor": ("ceil", "rint", "trunc"), "mean": ("sum", "max"), "sum": ("mean",), "zeros": ("ones",),
    "ones": ("zeros",), "zeros_like": ("ones_like",), "ones_like": ("zeros_like",), "argmax": ("argmin",),
    "argmin": ("argmax",),
}  # fmt: skip
_SIMPLE = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)
_MODULES = ("np", "numpy", "math")
_DELETED = (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.Raise)

#: From where to where (bytes of the source), and what stands there instead.
Edit = tuple[int, int, str]


def mutants(label: str, text: str) -> Iterator[Mutant]:
    """The mutants of the functions of one cell; signatures and docstrings stay."""
    source = _Source(text)
    original, seen = ast.dump(source.tree), {text}
    for statement in source.statements():
        for node in ast.walk(statement):
            for edit in source.edits(node):
                changed = source.with_edit(edit)
                if changed in seen or _dump(changed) in (None, original):
                    continue
                seen.add(changed)
                line = source.line(edit[0])
                before, after = (part.splitlines()[line - 1].strip() for part in (text, changed))
                yield Mutant(label, line, before, after, changed)


def _dump(text: str) -> str | None:
    """The tree as text; None if it is no Python."""
    try:
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return None


class _Source:
    """A text with its tree, whose nodes know their places in bytes."""

    def __init__(self, text: str) -> None:
        self._data = text.encode()
        self.tree = ast.parse(text)
        self._starts = [0]
        for line in self._data.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def statements(self) -> Iterator[ast.stmt]:
        """What the bodies of the functions say."""
        for function in self.tree.body:
            if isinstance(function, ast.FunctionDef):
                yield from function.body[ast.get_docstring(function) is not None :]

    def with_edit(self, edit: Edit) -> str:
        start, end, new = edit
        return (self._data[:start] + new.encode() + self._data[end:]).decode()

    def line(self, place: int) -> int:
        return sum(start <= place for start in self._starts)

    def edits(self, node: ast.AST) -> Iterator[Edit]:
        """All slips at one node."""
        for kind, slips in _SLIPS.items():
            if isinstance(node, kind):
                yield from slips(self, node)

    # -------------------------------------------------------------- places
    def start(self, node: ast.AST) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.AST) -> int:
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.AST) -> str:
        return self._data[self.start(node) : self.end(node)].decode()

    def whole(self, node: ast.AST) -> str:
        """Its text, in brackets where it could be torn apart."""
        text = self.of(node)
        return text if isinstance(node, _SIMPLE) else f"({text})"

    def instead(self, node: ast.AST, new: str) -> Edit:
        return self.start(node), self.end(node), new

    def between(self, left: ast.AST, right: ast.AST, old: str, new: Sequence[str]) -> Iterator[Edit]:
        """The operator between two operands replaced."""
        place = self._data.find(old.encode(), self.end(left), self.start(right))
        if place >= 0:
            yield from ((place, place + len(old), other) for other in new)

    def swapped(self, nodes: Sequence[ast.expr]) -> Iterator[Edit]:
        """Each two neighbours of a sequence in the other order."""
        for one, other in pairwise(nodes):
            middle = self._data[self.end(one) : self.start(other)].decode()
            yield self.start(one), self.end(other), self.of(other) + middle + self.of(one)

    def one_off(self, node: ast.expr | None) -> Iterator[Edit]:
        """An end or a count, one more and one less; a constant has its own slips."""
        if node is None or isinstance(node, ast.Constant):
            return
        text = self.of(node) if isinstance(node, ast.BinOp) else self.whole(node)
        yield self.instead(node, f"{text} + 1")
        yield self.instead(node, f"{text} - 1")


# ------------------------------------------------------------------ the slips
def _arithmetic(source: _Source, node: ast.BinOp) -> Iterator[Edit]:
    old, new = _ARITHMETIC.get(type(node.op), ("", ()))
    yield from source.between(node.left, node.right, old, new)
    yield source.instead(node, source.whole(node.left))
    yield source.instead(node, source.whole(node.right))


def _updates(source: _Source, node: ast.AugAssign) -> Iterator[Edit]:
    old, new = _ARITHMETIC.get(type(node.op), ("", ()))
    yield from source.between(node.target, node.value, old + "=", [other + "=" for other in new])


def _signs(source: _Source, node: ast.UnaryOp) -> Iterator[Edit]:
    yield source.instead(node, source.whole(node.operand))


def _comparisons(source: _Source, node: ast.Compare) -> Iterator[Edit]:
    operands = [node.left, *node.comparators]
    for op, (left, right) in zip(node.ops, pairwise(operands), strict=True):
        yield from source.between(left, right, *_COMPARISONS[type(op)])


def _logic(source: _Source, node: ast.BoolOp) -> Iterator[Edit]:
    old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for left, right in pairwise(node.values):
        yield from source.between(left, right, old, [new])
    for value in node.values:
        yield source.instead(node, source.whole(value))


def _conditions(source: _Source, node: ast.If | ast.IfExp | ast.While) -> Iterator[Edit]:
    yield source.instead(node.test, f"not ({source.of(node.test)})")


def _filters(source: _Source, node: ast.ListComp | ast.GeneratorExp) -> Iterator[Edit]:
    for condition in (test for part in node.generators for test in part.ifs):
        yield source.instead(condition, f"not ({source.of(condition)})")


def _constants(source: _Source, node: ast.Constant) -> Iterator[Edit]:
    if isinstance(node.value, bool):
        yield source.instead(node, str(not node.value))
    elif isinstance(node.value, (int, float)):
        yield source.instead(node, repr(node.value + 1))
        less = repr(node.value - 1)
        yield source.instead(node, f"({less})" if less.startswith("-") else less)
    elif isinstance(node.value, str) and node.value:
        yield source.instead(node, repr(""))


def _names(source: _Source, node: ast.Name) -> Iterator[Edit]:
    yield from (source.instead(node, other) for other in _NAMES.get(node.id, ()))


def _attributes(source: _Source, node: ast.Attribute) -> Iterator[Edit]:
    end = source.end(node)
    yield from ((end - len(node.attr), end, other) for other in _ATTRIBUTES.get(node.attr, ()))


def _slices(source: _Source, node: ast.Slice) -> Iterator[Edit]:
    for bound in (node.lower, node.upper):
        yield from source.one_off(bound)
        if bound is not None:
            yield source.instead(bound, "")


def _calls(source: _Source, node: ast.Call) -> Iterator[Edit]:
    yield from source.swapped(node.args)
    if node.args:
        yield source.instead(node, source.whole(node.args[0]))
    if isinstance(node.func, ast.Attribute) and source.of(node.func.value) not in _MODULES:
        yield source.instead(node, source.of(node.func.value))
    if isinstance(node.func, ast.Name) and node.func.id == "range":
        for count in node.args:
            yield from source.one_off(count)
    for before, argument in pairwise([*node.args, *node.keywords]):
        if isinstance(argument, ast.keyword):
            yield source.end(before), source.end(argument), ""


def _sequences(source: _Source, node: ast.Tuple | ast.List) -> Iterator[Edit]:
    yield from source.swapped(node.elts)


def _deletions(source: _Source, node: ast.stmt) -> Iterator[Edit]:
    yield source.instead(node, "pass")


_SLIPS: dict[type | tuple[type, ...], Callable[[_Source, ast.AST], Iterator[Edit]]] = {
    ast.BinOp: _arithmetic,
    ast.AugAssign: _updates,
    ast.UnaryOp: _signs,
    ast.Compare: _comparisons,
    ast.BoolOp: _logic,
    (ast.If, ast.IfExp, ast.While): _conditions,
    (ast.ListComp, ast.GeneratorExp): _filters,
    ast.Constant: _constants,
    ast.Name: _names,
    ast.Attribute: _attributes,
    ast.Slice: _slices,
    ast.Call: _calls,
    (ast.Tuple, ast.List): _sequences,
    _DELETED: _deletions,
}
