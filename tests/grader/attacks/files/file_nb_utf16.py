# expect: refused
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook(GOOD).decode().encode("utf-16")
