# expect: refused
# kind: names


def build():
    return ["ada\tbob.py"]
