"""Runs a student's source into a namespace, and words what went wrong. Standard library only.

The same file serves the sandbox's worker and the student's own self-check, so both say the same sentences.
"""

import __future__

import ast
import builtins
import linecache
import traceback
from typing import NamedTuple

MODULE = "submission"  # the module's name, so that ``if __name__ == "__main__"`` does not run
_ABSENT = {"roikit", "grader"}  # what a student has at home and must not have here
# Of a notebook's cell only these are run: bare expressions, loops, ``with``, ``assert`` are experiments.
_KEPT_NAMES = (
    "Import ImportFrom FunctionDef AsyncFunctionDef ClassDef Assign AnnAssign AugAssign If Try "
    "TryStar TypeAlias"  # of newer Pythons
)
_KEPT = tuple(getattr(ast, name) for name in _KEPT_NAMES.split() if hasattr(ast, name))


class Failure(NamedTuple):
    """A statement of the source that raised."""

    label: str  # of its cell
    line: int
    kind: str  # the exception's class name
    message: str
    module: str = ""  # for an import: what was not found
    names: tuple = ()  # for an import: the names that are missing since

    @property
    def sentence(self):
        if self.module:
            return not_available(self.module)
        return f"{self.label} raised {self.kind}: {self.message} (line {self.line})"


class Statement(NamedTuple):
    """A statement of a cell, compiled."""

    code: object
    imports: tuple  # the names that it binds, when it is an import


class CompiledCell(NamedTuple):
    """The statements of a cell that are to be run, or why it cannot be compiled."""

    label: str
    statements: tuple
    failure: Failure | None


def load(cells, is_notebook, namespace):
    """Runs the source into ``namespace`` and returns what failed: ``compile_cells``, then ``run``."""
    return run(compile_cells(cells, is_notebook), namespace)


def compile_cells(cells, is_notebook):
    """Compiles the source, which runs nothing of it; the sandbox does this once for all its calls.

    Parameters
    ----------
    cells : iterable of (label, text)
        ``("cell 3", "def f(): ...")``; tracebacks show the label in place of a file name.
    is_notebook : bool

    Returns
    -------
    list of CompiledCell
    """
    compiled, flags = [], 0
    for label, text in cells:
        linecache.cache[label] = (len(text), None, text.splitlines(True), label)
        try:
            tree = ast.parse(text, label)
            flags |= _future_flags(tree)
            statements = tuple(
                Statement(_compile(node, label, flags), _imported_names(node))
                for node in _statements(tree, is_notebook)
            )
        except Exception as error:
            compiled.append(CompiledCell(label, (), _failure(error, label)))
        else:
            compiled.append(CompiledCell(label, statements, None))
    return compiled


def run(compiled, namespace):
    """Runs what ``compile_cells`` made into ``namespace`` and returns what failed, then or now.

    A module is run from its first statement to the first that raises. Of a notebook the definitions of each
    cell are run, and a cell that raises is left at that point and the next one goes on, as in Jupyter. An
    import that fails is noted, and what follows still runs: a module for drawing is no reason to lose the
    functions.

    Parameters
    ----------
    compiled : iterable of CompiledCell
    namespace : dict
        Filled in place; becomes the functions' globals.

    Returns
    -------
    list of Failure
    """
    namespace.setdefault("__name__", MODULE)
    namespace.setdefault("__builtins__", builtins)
    failures, absent = [], set()
    for label, statements, unreadable in compiled:
        if unreadable:
            failures.append(unreadable)
        for statement in statements:
            try:
                exec(statement.code, namespace)
            except ImportError as error:
                failure = _failure(error, label, statement.imports)
                failures.append(failure)
                absent.update(failure.names)
                if not failure.names:
                    break
            except Exception as error:
                failures.append(_failure(error, label))
                if not (isinstance(error, NameError) and error.name in absent):
                    break
    return failures


def _statements(tree, is_notebook):
    for node in tree.body:
        if isinstance(node, ast.Import):  # ``import absent, numpy``: the first must not cost the second
            yield from (ast.copy_location(ast.Import([alias]), node) for alias in node.names)
        elif not is_notebook or isinstance(node, _KEPT):
            yield node


def _future_flags(tree):
    names = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    ]
    return sum({getattr(__future__, name).compiler_flag for name in names if hasattr(__future__, name)})


def _compile(node, label, flags):
    return compile(ast.Module([node], []), label, "exec", flags=flags, dont_inherit=True)


def _imported_names(node):
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return ()
    return tuple(alias.asname or alias.name.split(".")[0] for alias in node.names)


def _failure(error, label, names=()):
    module = ""
    if names and isinstance(error, ModuleNotFoundError):
        module = (error.name or "").split(".")[0]
    if isinstance(error, SyntaxError):
        return Failure(label, error.lineno or 1, type(error).__name__, str(error.msg), module, names)
    frames = _own_frames(error, {label})
    line = frames[-1].lineno if frames else 1
    return Failure(label, line, type(error).__name__, message_of(error), module, names)


# ---------------------------------------------------------------- sentences
def not_available(module):
    """The sentence about a module that the sandbox does not have."""
    advice = ": write the function yourself" if module in _ABSENT else ""
    return f"{module} is not available while grading{advice}"


def missing_sentence(function, failures, cells):
    """Why ``function`` is not defined: the failure of the cell that defines it, else the first failure."""
    if not failures:
        return f"{function} is not defined"
    defining = {label for label, text in cells if f"def {function}" in text or f"{function} =" in text}
    cause = min(failures, key=lambda failure: (failure.label not in defining, bool(failure.module)))
    return f"{function} is not defined: {cause.sentence}"


def error_sentence(function, error, labels, failures=()):
    """One sentence about an exception that a call raised: ``TypeError: ... (cell 3, line 5)``."""
    if isinstance(error, NotImplementedError):
        return f"{function} is not written yet (it raises NotImplementedError)"
    if isinstance(error, ModuleNotFoundError) and error.name:
        return not_available(error.name.split(".")[0])
    if isinstance(error, NameError):
        for failure in failures:
            if failure.module and error.name in failure.names:
                return not_available(failure.module)
    frames = _own_frames(error, labels)
    place = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    message = message_of(error)
    return type(error).__name__ + (f": {message}" if message else "") + place


def own_traceback(error, labels):
    """The traceback with the student's own lines alone."""
    lines = traceback.format_list(_own_frames(error, labels)[-20:])
    head = "Traceback (most recent call last):\n" if lines else ""
    return head + "".join(lines) + "".join(traceback.format_exception_only(type(error), error))


def message_of(error):
    """The exception's text on one line; ``?`` for an exception that cannot say it."""
    try:
        return " ".join(str(error)[:500].split())
    except Exception:
        return "?"


def _own_frames(error, labels):
    return [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in labels]
