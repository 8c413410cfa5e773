# expect: correct|refused
# kind: file ipynb
from making import GOOD, code, notebook


def build():
    return notebook(code(GOOD, outputs=[7777])).replace(b"7777", b"0.5" + b",0.5" * 2_000_000)
