# expect: refused
# kind: file ipynb
from making import GOOD, code, notebook


def build():
    return notebook(code(GOOD, outputs=[{"output_type": "stream", "name": "stdout", "text": "A" * (85 << 20)}]))
