# expect: error|correct
# kind: file ipynb
# why: nobody is there to answer; the cell fails and the next goes on
from making import GOOD, notebook


def build():
    return notebook("name = input()", GOOD)
