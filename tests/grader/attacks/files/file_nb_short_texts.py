# expect: refused
# kind: file ipynb
# why: 17 MB that become 200 MB of texts
from making import GOOD, notebook


def build():
    return notebook(GOOD, metadata={"a": 7777}).replace(b"7777", b"[" + b'"ab",' * 3_500_000 + b"0]")
