# expect: refused
# kind: names
# why: no UTF-8 on disk


def build():
    return ["ada\udc80.py", "\udcff\udcfe/toy/toy.py"]
