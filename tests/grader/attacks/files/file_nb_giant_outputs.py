# expect: correct
# kind: file ipynb
# why: 75 MB of outputs, below the limit
from making import GOOD, code, notebook


def build():
    return notebook(code(GOOD, outputs=[{"output_type": "stream", "name": "stdout", "text": "A" * (75 << 20)}]))
