# expect: refused
# kind: file ipynb
# why: an archive with a notebook's name
from making import GOOD, notebook, zipped


def build():
    return zipped(("toy.ipynb", notebook(GOOD)))
