# expect: internal_error
# kind: names
# why: one folder to Windows, three to others


def build():
    return ["ada/toy/toy.py", "ada./toy/toy.py", "ada /toy/toy.py"]
