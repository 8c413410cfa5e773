# expect: refused
# kind: file zip
from making import GOOD, zipped


def build():
    return zipped(("t" * 60_000 + ".py", GOOD))
