# expect: refused
# kind: file tar
import gzip

from making import GOOD, notebook


def build():
    return gzip.compress(notebook(GOOD))
