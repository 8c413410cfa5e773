# expect: refused|correct
# kind: file ipynb
# why: reading 100 000 digits takes time that grows with their square
from making import GOOD, notebook


def build():
    return notebook(GOOD).replace(b"5,", b"1" * 100_000 + b",", 1)
