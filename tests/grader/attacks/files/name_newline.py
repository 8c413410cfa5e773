# expect: refused
# kind: names


def build():
    return ["ada\nbob/toy/toy.py", "ada\rbob.py"]
