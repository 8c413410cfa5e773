# expect: correct|refused
# kind: file ipynb
# why: 16 MB of numbers in one output
from making import GOOD, code, notebook


def build():
    return notebook(code(GOOD, outputs=[7777])).replace(b"7777", b",".join([b"1234567"] * 2_000_000))
