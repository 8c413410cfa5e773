# expect: correct
# kind: file ipynb
from making import GOOD, code, notebook


def build():
    return notebook(code(GOOD, execution_count=7777)).replace(b"7777", b"-1e999999999")
