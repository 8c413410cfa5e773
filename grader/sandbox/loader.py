"""Runs a student's source into a namespace, and words what went wrong. Standard library only.

The same file serves the sandbox's worker and the student's own self-check, so both say the same sentences.
"""

import __future__

import ast
import builtins
import dis
import linecache
import sys
import traceback
import types
from importlib.machinery import ModuleSpec
from typing import NamedTuple

MODULE = "submission"  # the module's name, so that ``if __name__ == "__main__"`` does not run
UNWRITTEN = "is not written yet (it raises NotImplementedError)"  # so the sentence about a stub ends
_ABSENT = {"roikit", "grader"}  # what a student has at home and must not have here
# Of a notebook's cell only these are run: bare expressions, loops, ``with``, ``assert`` are experiments.
_KEPT_NAMES = (
    "Import ImportFrom FunctionDef AsyncFunctionDef ClassDef Assign AnnAssign AugAssign If Try "
    "TryStar TypeAlias"  # of newer Pythons
)
KEPT = tuple(getattr(ast, name) for name in _KEPT_NAMES.split() if hasattr(ast, name))
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_TARGETS = (ast.Name, ast.Tuple, ast.List, ast.Starred)


class Failure(NamedTuple):
    """A statement of the source that raised."""

    label: str  # of its cell
    line: int
    kind: str  # the exception's class name
    message: str
    module: str = ""  # that was not found, by this statement or by an earlier one that it builds on
    names: tuple = ()  # that are missing since, where what follows was run all the same
    file: str = ""  # of the line, if it is not the cell: a module that it imports

    @property
    def sentence(self):
        if self.module:
            return not_available(self.module)
        place = f"{self.file}, line {self.line}" if self.file else f"line {self.line}"
        return f"{self.label} raised {self.kind}: {self.message} ({place})"


class Failures(list):
    """What failed of a source, in order, and beside it what of a notebook was not run: (label, ast node)."""

    def __init__(self, left_out):
        super().__init__()
        self.left_out = left_out


class Statement(NamedTuple):
    """A statement of a cell, compiled."""

    code: object
    names: tuple  # that it binds


class CompiledCell(NamedTuple):
    """The statements of a cell that are to be run, or why it cannot be compiled."""

    label: str
    statements: tuple
    failure: Failure | None
    left_out: tuple = ()  # the nodes of a notebook's experiments


def load(cells, is_notebook, namespace, modules=()):
    """Runs the source into ``namespace`` and returns what failed: ``compile_cells``, then ``run``."""
    return run(compile_cells(cells, is_notebook), namespace, Modules(modules))


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
                Statement(_compile(node, label, flags), _bound_names(node))
                for node in _statements(tree, is_notebook)
            )
        except Exception as error:
            compiled.append(CompiledCell(label, (), _failure(error, label)))
        else:
            left_out = tuple(node for node in tree.body if is_notebook and not isinstance(node, KEPT))
            compiled.append(CompiledCell(label, statements, None, left_out))
    return compiled


def run(compiled, namespace, modules=None):
    """Runs what ``compile_cells`` made into ``namespace`` and returns what failed, then or now.

    A module is run from its first statement to the first that raises. Of a notebook the definitions of each
    cell are run, and a cell that raises is left at that point and the next one goes on, as in Jupyter. An
    import that fails is noted, and what follows still runs, and so is a statement that misses a name because
    of it: a module for drawing is no reason to lose the functions.

    Parameters
    ----------
    compiled : iterable of CompiledCell
    namespace : dict
        Filled in place; becomes the functions' globals.
    modules : Modules, optional
        What it may import beside Python's own.

    Returns
    -------
    Failures
    """
    namespace.setdefault("__name__", MODULE)
    namespace.setdefault("__builtins__", builtins)
    failures = Failures([(cell.label, node) for cell in compiled for node in cell.left_out])
    absent = {"get_ipython": "IPython"}  # which a notebook saved as a module calls for its magics
    modules = modules or Modules(())
    modules.install(failures)
    for cell in compiled:
        if cell.failure:
            failures.append(cell.failure)
        try:
            _run_cell(cell, namespace, absent, failures, modules.labels)
        except Exception as error:
            failures.append(_failure(error, cell.label, modules.labels))
    return failures


def _run_cell(cell, namespace, absent, failures, labels):
    """Runs its statements up to the first that raises, and raises that; what only lacks a module is noted."""
    for statement in cell.statements:
        try:
            exec(statement.code, namespace)
        except Exception as error:
            module = _absent_module(error, absent)
            if module is None:
                raise
            failure = _failure(error, cell.label, labels)
            failures.append(failure._replace(module=module, names=statement.names))
            absent.update(dict.fromkeys(statement.names, module))


class Modules:
    """Finds the modules that lie beside a submission: last of all, so that none takes another's place.

    Parameters
    ----------
    modules : iterable of (label, text)
        ``("helper.py", "def f(): ...")``; each is run as a module when it is first imported.
    """

    def __init__(self, modules):
        modules = list(modules)
        compiled = compile_cells(modules, is_notebook=False)
        self._texts = dict(modules)
        self._cells = {cell.label.removesuffix(".py"): cell for cell in compiled}
        self._absent, self._failures = {}, []
        self.labels = {cell.label for cell in compiled}

    def __iter__(self):
        return iter(self._cells)

    def install(self, failures):
        """Takes the place of those of an earlier source; what fails in a module is added to ``failures``."""
        self._failures = failures
        before = [finder for finder in sys.meta_path if isinstance(finder, Modules)]
        if before or self._cells:
            sys.meta_path[:] = [finder for finder in sys.meta_path if finder not in before] + [self]
        for name in {name for finder in before for name in finder}:
            sys.modules.pop(name, None)

    def find_spec(self, name, path=None, target=None):
        cell = self._cells.get(name)
        return cell and ModuleSpec(name, self, origin=cell.label)

    def create_module(self, spec):
        return None  # as usual

    def exec_module(self, module):
        cell = self._cells[module.__name__]
        module.__file__ = cell.label
        if cell.failure:
            compile(self._texts[cell.label], cell.label, "exec", dont_inherit=True)  # which says why
        _run_cell(cell, module.__dict__, self._absent, self._failures, self.labels)


def _absent_module(error, absent):
    """The module whose absence an exception comes from ("" for one that lacks a name), or None."""
    if isinstance(error, ModuleNotFoundError):
        return (error.name or "").split(".")[0]
    if isinstance(error, ImportError):
        return ""
    if isinstance(error, NameError):
        return absent.get(error.name, absent.get("*"))
    return None


def _statements(tree, is_notebook):
    for node in tree.body:
        if isinstance(node, ast.Import):  # ``import absent, numpy``: the first must not cost the second
            yield from (ast.copy_location(ast.Import([alias]), node) for alias in node.names)
        elif not is_notebook or isinstance(node, KEPT):
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


def _bound_names(node):
    """The names that a statement binds: what it imports, defines or assigns."""
    names, parts = [], [node]
    while parts:
        part = parts.pop()
        if isinstance(part, _DEFINITIONS):
            names.append(part.name)
        elif isinstance(part, ast.alias):
            names.append(part.asname or part.name.split(".")[0])
        elif isinstance(part, ast.Name):
            names += [part.id] if isinstance(part.ctx, ast.Store) else []
        elif isinstance(part, _TARGETS) or not isinstance(part, ast.expr):
            parts += ast.iter_child_nodes(part)
    return tuple(names)


def _changed_names(node):
    """The names that a statement binds, or whose values it may change: ``T[0] = 1``, ``T.append(1)``."""
    names = set(_bound_names(node))
    for part in ast.walk(node):
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            target = part.value.func
        elif isinstance(getattr(part, "ctx", None), ast.Store):
            target = part
        else:
            continue
        owner = target
        while isinstance(owner, (ast.Attribute, ast.Subscript)):
            owner = owner.value
        if owner is not target and isinstance(owner, ast.Name):
            names.add(owner.id)
    return names


def _failure(error, label, others=frozenset()):
    """About an exception of a cell; ``others`` are the labels of the modules that it may import."""
    frames = _own_frames(error, {label, *others})
    line, file = (frames[-1].lineno, frames[-1].filename) if frames else (1, label)
    message = error
    if isinstance(error, SyntaxError):
        line, message = error.lineno or 1, error.msg
        file = next((other for other in others if other == error.filename), label)
    file = "" if file == label else file
    return Failure(label, line, type(error).__name__, message_of(message), file=file)


# ---------------------------------------------------------------- sentences
def not_available(module):
    """The sentence about a module that the sandbox does not have."""
    advice = ": write the function yourself" if module in _ABSENT else ""
    return f"{module} is not available while grading{advice}"


def ended_sentence(what, error):
    """About a SystemExit; ``what`` is a function's name or ``importing the file``."""
    return f"{what} ended the process (sys.exit({error}))"


def unreturnable_sentence(function, what):
    """About a value that does not leave the student's process; ``what`` names its kind."""
    return f"{function} returned {what}; return a NumPy array (or numbers, tuples, lists)"


def missing_sentence(function, failures, cells):
    """Why ``function`` is not defined: the failure of the cell that defines it, else the first failure."""
    defining = {label: text for label, text in cells if f"def {function}(" in text or f"{function} =" in text}
    ranked = []
    for failure in failures:
        was_to_bind = not {function, "*"}.isdisjoint(failure.names)
        if was_to_bind or not (failure.names or failure.module):  # else all that follows was run
            ranked.append((failure.label not in defining, not was_to_bind, failure.sentence))
    for label, text in defining.items():
        note = text.partition("\n")[0].removeprefix("# ")
        if note.startswith(f"{label} is left out: "):  # so the extraction says of a cell that is not Python
            ranked.append((False, True, note))
    if ranked:
        return f"{function} is not defined: {min(ranked, key=lambda cause: cause[:2])[2]}"
    return f"{function} is not defined" + _left_out_note({function}, failures)


def error_sentence(function, error, labels, failures=()):
    """One sentence about an exception that a call raised: ``TypeError: ... (in pool, cell 3, line 5)``."""
    frames = _own_frames(error, labels)
    name = next((frame.name for frame in reversed(frames) if frame.name.isidentifier()), "")  # no <lambda>
    if is_unwritten(error, labels):
        return f"{name or function} {UNWRITTEN}"
    if isinstance(error, ModuleNotFoundError) and error.name:
        return not_available(error.name.split(".")[0])
    if isinstance(error, NameError):
        for failure in failures:
            if error.name in failure.names:
                return failure.sentence
    inside = f"in {name}, " if name else ""
    place = f" ({inside}{frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    message = message_of(error)
    note = _left_out_note(_globals_used(error, labels), failures)
    return type(error).__name__ + (f": {message}" if message else "") + place + note


def is_unwritten(error, labels):
    """Whether it is a stub's; libraries raise NotImplementedError for reasons of their own."""
    raised_in = [frame.filename for frame in traceback.extract_tb(error.__traceback__)[-1:]]
    return isinstance(error, NotImplementedError) and (not labels or labels.issuperset(raised_in))


def _globals_used(error, labels):
    """The globals that the failing code uses; without modules, which no loop fills."""
    scopes = {
        frame.f_code: frame.f_globals
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in labels
    }
    return {
        step.argval
        for code, scope in scopes.items()
        for step in dis.get_instructions(code)
        if step.opname == "LOAD_GLOBAL" and not isinstance(scope.get(step.argval), types.ModuleType)
    }


def _left_out_note(names, failures):
    """About the first statement left out of a notebook that would have changed one of the names, if any."""
    for label, node in getattr(failures, "left_out", ()):  # a bare list if ``run`` did not return
        if not names.isdisjoint(_changed_names(node)):
            kind = "loop" if isinstance(node, _LOOPS) else "statement"
            where = f"the {kind} at top level of {label}, line {node.lineno},"
            return f"; {where} is left out while grading: put it into a function"
    return ""


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
