# expect: refused
# kind: file ipynb
# why: 18 MB that become 400 MB of empty lists
from making import GOOD, notebook


def build():
    return notebook(GOOD, metadata={"a": 7777}).replace(b"7777", b"[" + b"[]," * 6_000_000 + b"0]")
