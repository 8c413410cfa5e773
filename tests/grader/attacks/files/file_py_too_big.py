# expect: refused
# kind: file py
from making import GOOD


def build():
    return GOOD.encode() + b"#" * (2 << 20)
