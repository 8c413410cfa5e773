# expect: refused
# kind: file ipynb
import gzip

from making import GOOD, notebook


def build():
    return gzip.compress(notebook(GOOD))
