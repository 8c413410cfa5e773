# expect: correct
# kind: file ipynb
from making import GOOD, code, notebook

junk = [{}, {"cell_type": "code"}, {"cell_type": ["code"], "source": 1}, {"cell_type": "code", "metadata": []}]


def build():
    return notebook(*junk, code(GOOD), *junk)
