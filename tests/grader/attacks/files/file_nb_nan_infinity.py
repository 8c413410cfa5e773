# expect: correct
# kind: file ipynb
# why: no JSON, but Python writes it
from making import GOOD, code, notebook


def build():
    made = notebook(code(GOOD, outputs=[7777]), metadata={"a": 8888})
    return made.replace(b"7777", b"NaN, -Infinity").replace(b"8888", b"Infinity")
