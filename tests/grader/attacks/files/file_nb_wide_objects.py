# expect: refused
# kind: file ipynb
# why: 16 MB that become 500 MB of objects
from making import GOOD, notebook


def build():
    return notebook(GOOD, metadata={"a": 7777}).replace(b"7777", b"[" + b'{"a":0},' * 2_000_000 + b"0]")
