# expect: correct
# kind: file ipynb
from making import GOOD, notebook


def build():
    return notebook("%matplotlib inline\n!pip install numpy\n%%bogus\n" + GOOD + "\nnp.max?\n", "%%time\nx = 1", "%%bash\nrm -rf /")
