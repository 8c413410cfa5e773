# expect: refused
# kind: names


def build():
    return ["ada\0/toy/toy.py", "bob.\0py"]
