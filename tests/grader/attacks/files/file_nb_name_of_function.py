# expect: error
# kind: file ipynb
from making import notebook


def build():
    return notebook("globals()['<img src=x onerror=alert(1)>'] = 1\ndef <b>span</b>(): pass")
