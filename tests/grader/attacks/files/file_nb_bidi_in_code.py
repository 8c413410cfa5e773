# expect: correct
# kind: file ipynb
# why: reads otherwise than it runs
from making import GOOD, notebook


def build():
    return notebook("access = 'user\u202e \u2066# is it?\u2069 \u2066'\n" + GOOD)
