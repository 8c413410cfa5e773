# expect: correct
# kind: file ipynb
# why: a note for each would be 100 000 notes
from making import GOOD, notebook


def build():
    return notebook("%m\n" * 100_000 + GOOD)
