# expect: refused
# kind: names


def build():
    return ["n" * 300 + ".py", "\U0001f600" * 60 + "/toy/toy.py"]
