"""Inside the sandbox: which functions of a source carry nothing from one call to the next, by their text.

Calls of such a function may follow each other in one process, which saves most of what a call costs; any
other call has a process of its own. The text is held against a list of what is allowed: arithmetic, loops,
local variables, arrays, and functions that are allowed themselves. Whatever is not on it (an attribute that
is set, a global variable, a class, a default argument that can change, an array made without values) is not
bad; it only is not seen through. No student code is run here.
"""

import ast
import builtins
import symtable
import sys


def _words(text):
    return frozenset(text.split())


#: Of Python's own modules and NumPy, those whose import says and changes nothing. Others are not there.
_SILENT = _words("""
    numpy math __future__ collections copy dataclasses functools grader itertools matplotlib operator os
    random roikit sys time typing warnings
""")
_NUMPY = _words("""
    abs absolute add all allclose amax amin any append apply_along_axis arange arccos arcsin arctan
    arctan2 argmax argmin argpartition argsort argwhere around array array_equal array_equiv array_split
    asarray ascontiguousarray asfortranarray atleast_1d atleast_2d atleast_3d average bincount bool
    bool_ broadcast_arrays broadcast_to can_cast cbrt ceil choose clip column_stack compress concatenate
    copy copysign copyto cos cosh count_nonzero cross cumsum deg2rad degrees delete diag diff digitize
    divide divmod dot dstack ediff1d einsum equal errstate exp exp2 expand_dims expm1 extract eye fabs
    finfo fix flatnonzero flip fliplr flipud float16 float32 float64 float_power floating floor
    floor_divide fmax fmin fmod full full_like generic greater greater_equal heaviside histogram hstack
    hypot identity iinfo in1d indices inf inner insert int16 int32 int64 int8 integer interp intersect1d
    intp invert isclose isfinite isfortran isin isinf isnan isneginf isposinf isreal isscalar issubdtype
    ix_ kron less less_equal lexsort linspace log log10 log1p log2 logical_and logical_not logical_or
    logical_xor logspace matmul max maximum may_share_memory mean median meshgrid mgrid min minimum mod
    modf moveaxis multiply nan nan_to_num nanargmax nanargmin nanmax nanmean nanmin nanprod nansum
    ndenumerate ndindex negative newaxis nextafter nonzero not_equal number ogrid ones ones_like outer
    partition percentile pi place power prod promote_types put putmask quantile rad2deg radians ravel
    ravel_multi_index reciprocal remainder repeat require reshape result_type rint roll rollaxis rot90
    round searchsorted select setdiff1d shape shares_memory sign signbit sin sinh size sort spacing
    split sqrt square squeeze stack std subtract sum swapaxes take take_along_axis tan tanh tensordot
    tile transpose trapezoid tril tril_indices trim_zeros triu triu_indices trunc uint16 uint32 uint64
    uint8 union1d unique unravel_index var vdot vecdot vectorize vstack where zeros zeros_like
""")
_MATH = _words("""
    ceil comb copysign cos dist e exp fabs factorial floor fmod fsum gcd hypot inf isclose isfinite
    isinf isnan isqrt ldexp log log10 log2 modf nan pi pow prod remainder sin sqrt tan tau trunc
""")
#: Of values: arrays, their types, ufuncs, and Python's own containers, numbers and text.
_ATTRIBUTES = _words("""
    T accumulate add all any append args argmax argmin argsort as_integer_ratio astype at bit_length
    clear clip conjugate copy count cumprod cumsum denominator diagonal difference discard dot dtype
    endswith eps extend fill find flatten get imag index insert intersection is_integer issubset item
    items itemsize join keys kind lower lstrip max mean min name nbytes ndim nonzero numerator outer pop
    popitem prod ptp ravel real reduce reduceat remove repeat replace reshape reverse round rstrip
    searchsorted setdefault shape size sort split squeeze start startswith std step stop strides strip
    sum swapaxes take tiny tolist trace transpose union update upper values var
""")
_BUILTINS = _words("""
    abs all any bool complex dict divmod enumerate filter float frozenset int isinstance iter len list
    map max min next pow print range repr reversed round set slice sorted str sum tuple zip
    ArithmeticError AssertionError Exception FloatingPointError IndexError KeyError LookupError
    NotImplementedError OverflowError RuntimeError StopIteration TypeError ValueError ZeroDivisionError
""")
_NODES = (
    ast.FunctionDef, ast.Lambda, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.AugAssign,
    ast.AnnAssign, ast.For, ast.While, ast.If, ast.With, ast.withitem, ast.Raise, ast.Try,
    ast.ExceptHandler, ast.Assert, ast.Expr, ast.Pass, ast.Break, ast.Continue, ast.Nonlocal, ast.Delete,
    ast.BoolOp, ast.NamedExpr, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Dict, ast.Set, ast.ListComp,
    ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension, ast.Compare,
    ast.Call, ast.keyword, ast.FormattedValue, ast.JoinedStr, ast.Constant, ast.Attribute, ast.Subscript,
    ast.Starred, ast.Name, ast.List, ast.Tuple, ast.Slice, ast.operator, ast.unaryop, ast.boolop,
    ast.cmpop, ast.expr_context,
)  # fmt: skip
_CONSTANTS = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.operator, ast.unaryop, ast.Load)
_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr)
_OTHER_BUILTINS = frozenset(dir(builtins)) - _BUILTINS
_ALLOWED = {"function", "pure", "constant", "alias"}
_MODULES = {"numpy": _NUMPY, "math": _MATH}


class Stateless:
    """What is known of a source: ``name in Stateless(cells)``.

    Parameters
    ----------
    cells : iterable of (label, text)
    run : type or tuple of types, default ast.stmt
        Statements of other types are not run at top level: of a notebook, see ``loader.KEPT``.

    Examples
    --------
    >>> text = "T = []\\ndef twice(x):\\n    return 2 * x\\ndef told(x):\\n    T.append(x)\\n    return T"
    >>> known = Stateless([("a.py", text)])
    >>> "twice" in known, "told" in known
    (True, False)
    """

    def __init__(self, cells, run=ast.stmt):
        # name -> at top level: numpy, math, imported, pure, constant, function, alias, other
        self._kinds = {}
        self._functions = {}  # name -> its definitions: (node, table)
        self._aliases = {}  # name -> the other names that it is given
        self._values = []  # expressions that are run at top level
        self._known = {}
        self._is_inert = True  # nothing at top level changes what the functions rest on
        for label, text in cells:
            try:
                body = ast.parse(text, label).body
            except Exception:  # then nothing of the cell is run
                continue
            tables = _tables(text, label)
            for node in body:
                is_read = not isinstance(node, run) or self._read(node, tables)
                self._is_inert = self._is_inert and is_read

    def __contains__(self, name):
        if name not in self._known:
            is_function = self._kinds.get(name) == {"function"}
            self._known[name] = self._is_inert and is_function and self._holds(name)
        return self._known[name]

    def _holds(self, name):
        """Whether the function, all that it can call, and all that is run at top level, are seen through."""
        uses, todo, seen = [], [name], set()
        uses += [self._uses([value]) for value in self._values]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                uses += [self._uses(node.body, table) for node, table in self._functions[name]]
            if None in uses:
                return False
            used = set().union(*uses)
            named = {other for name in used for other in self._aliases.get(name, ())}
            if not all(self._is_allowed(other) and other not in self._aliases for other in named):
                return False
            todo += {name for name in (used | named) - seen if name in self._functions}
        return True

    # ------------------------------------------------------------ top level
    def _read(self, node, tables):
        """Takes notice of a statement; False where it may do anything."""
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return self._read_import(node)
        if isinstance(node, ast.FunctionDef):
            return self._read_function(node, tables.get((node.name, node.lineno), ()))
        if isinstance(node, ast.Assign):
            return self._read_assignment(node.targets, node.value)
        if isinstance(node, ast.AnnAssign) and _is_plain(node.annotation):
            return node.value is None or self._read_assignment([node.target], node.value)
        if isinstance(node, ast.If):  # which is not run: see loader.MODULE
            return ast.unparse(node.test) == "__name__ == '__main__'" and not node.orelse
        if isinstance(node, ast.Expr):
            return self._read_value(node.value)
        return isinstance(node, ast.Pass)

    def _read_import(self, node):
        is_from = isinstance(node, ast.ImportFrom)
        for alias in node.names:
            module = (node.module or "") if is_from else alias.name
            if not _is_silent(module.split(".")[0]) or alias.name == "*" or getattr(node, "level", 0):
                return False
            name = alias.asname or alias.name.split(".")[0]
            if is_from:
                self._bind(name, "pure" if alias.name in _MODULES.get(module, ()) else "imported")
            else:
                self._bind(name, module if module in _MODULES else "imported")
        return True

    def _read_function(self, node, tables):
        defaults = (*node.args.defaults, *filter(None, node.args.kw_defaults))
        if len(tables) != 1 or node.decorator_list or getattr(node, "type_params", None):
            return False
        annotations = _annotations(node.args, node.returns)
        if not all(map(_is_constant, defaults)) or not all(map(_is_plain, annotations)):
            return False
        self._bind(node.name, "function")
        self._functions.setdefault(node.name, []).append((node, tables[0]))
        return True

    def _read_assignment(self, targets, value):
        parts = [part for target in targets for part in ast.walk(target)]
        if not all(isinstance(part, (ast.Name, ast.Tuple, ast.List, ast.Store)) for part in parts):
            return False
        if isinstance(value, ast.Name) and isinstance(targets[0], ast.Name):
            self._bind(targets[0].id, "alias")
            self._aliases.setdefault(targets[0].id, set()).add(value.id)
            return len(targets) == 1
        for part in parts:
            if isinstance(part, ast.Name):
                self._bind(part.id, "constant" if _is_constant(value) else "other")
        return self._read_value(value)

    def _read_value(self, value):
        """Without scopes of its own, and without ``:=``: its names are then those of the top level."""
        self._values.append(value)
        return not any(isinstance(part, _SCOPES) for part in ast.walk(value))

    def _bind(self, name, kind):
        self._is_inert &= not name.startswith("__")  # such as __builtins__
        self._kinds.setdefault(name, set()).add(kind)

    # ------------------------------------------------------------ what a text uses
    def _uses(self, body, table=None):
        """The global names in it, or None where it has what is not allowed; without a table: at top level."""
        nodes = [part for node in body for part in ast.walk(node)]
        types = {part for node in nodes if _is_isinstance(node) for part in ast.walk(node.args[1])}
        bases = set()
        for node in nodes:
            if not isinstance(node, _NODES) or getattr(node, "decorator_list", None):
                return None
            if isinstance(node, ast.keyword) and node.arg in (None, "where"):  # which leaves places unwritten
                return None
            if isinstance(node, ast.Attribute):
                allowed = self._attributes_of(node.value)
                if allowed is not _ATTRIBUTES:
                    bases.add(node.value)
                is_type = node in types and node.attr == "ndarray"
                if not isinstance(node.ctx, ast.Load) or not (node.attr in allowed or is_type):
                    return None
        modules = {node for node in nodes if isinstance(node, ast.Name) and self._is_module(node.id)}
        if not modules <= bases:
            return None
        of_modules = {base.id for base in bases}
        if table is None:
            names = {node.id for node in nodes if isinstance(node, ast.Name)} - of_modules
            return names if all(map(self._is_allowed_once, names)) else None
        names = _globals(table) - of_modules
        return names if all(map(self._is_allowed, names)) else None

    def _attributes_of(self, base):
        if isinstance(base, ast.Name) and self._is_module(base.id):
            kinds = self._kinds[base.id]
            return _MODULES[next(iter(kinds))] if len(kinds) == 1 else ()
        return _ATTRIBUTES

    def _is_module(self, name):
        return not self._kinds.get(name, set()).isdisjoint(_MODULES)

    def _is_allowed(self, name):
        """A name that a call looks up; what it is bound to at top level may not come to be."""
        if name in _OTHER_BUILTINS:
            return False
        return self._kinds[name] <= _ALLOWED if name in self._kinds else name in _BUILTINS

    def _is_allowed_once(self, name):
        """A name that is looked up when the source is imported, where other values may be made, and used."""
        if name == "print" or name in _OTHER_BUILTINS:  # what an import prints is printed at every import
            return False
        return self._kinds[name] <= _ALLOWED | {"other"} if name in self._kinds else name in _BUILTINS


def _is_silent(module):
    return module in _SILENT or module not in sys.stdlib_module_names


def _annotations(arguments, returns):
    every = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    return [part for part in (*(arg.annotation for arg in every if arg), returns) if part]


def _is_plain(annotation):
    allowed = (
        ast.Name,
        ast.Attribute,
        ast.Subscript,
        ast.Constant,
        ast.Tuple,
        ast.BinOp,
        ast.BitOr,
        ast.Load,
    )
    return all(isinstance(part, allowed) for part in ast.walk(annotation))


def _is_constant(value):
    return all(isinstance(part, _CONSTANTS) for part in ast.walk(value))


def _is_isinstance(node):
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return is_call and node.func.id == "isinstance" and len(node.args) == 2


def _tables(text, label):
    """(name, line) -> the symbol tables of functions at top level."""
    try:
        inside = symtable.symtable(text, label, "exec").get_children()
    except Exception:  # the loader may run a part of it; no function is found
        return {}
    found = {}
    for table in inside:
        found.setdefault((table.get_name(), table.get_lineno()), []).append(table)
    return found


def _globals(table):
    """The names that are not local to a function, nor to those inside of it."""
    found, todo = set(), [table]
    while todo:
        table = todo.pop()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
        todo += table.get_children()
    return found
