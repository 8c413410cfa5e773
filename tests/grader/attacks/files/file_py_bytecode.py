# expect: refused
# kind: file py
import importlib.util
import marshal

from making import GOOD


def build():
    return importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(compile(GOOD, "x", "exec"))
