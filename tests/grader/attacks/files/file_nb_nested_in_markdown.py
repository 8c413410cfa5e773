# expect: correct|refused
# kind: file ipynb
# why: deep, but less deep than Python goes
from making import GOOD, markdown, notebook


def build():
    return notebook(GOOD, markdown("x", metadata={"a": 7777})).replace(b"7777", b"[" * 900 + b"]" * 900)
