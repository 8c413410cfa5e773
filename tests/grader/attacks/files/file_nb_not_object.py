# expect: refused
# kind: file ipynb


def build():
    return b"[1, 2]"
