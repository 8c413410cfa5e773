# expect: refused
# kind: names


def build():
    return ["../toy/toy.py", "ada/../../toy/toy.py"]
