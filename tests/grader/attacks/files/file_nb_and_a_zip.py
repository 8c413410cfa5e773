# expect: refused
# kind: file ipynb
# why: a notebook to one reader, an archive to another
from making import GOOD, notebook, zipped


def build():
    return notebook(GOOD) + zipped(("toy.ipynb", notebook("x = 1")))
