# expect: refused
# kind: file ipynb
# why: the same key, written otherwise
from making import GOOD, notebook


def build():
    return notebook(GOOD)[:-1] + rb', "c\u0065lls": []}' 
