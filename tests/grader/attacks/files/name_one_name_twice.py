# expect: internal_error
# kind: names
# why: one student in two places


def build():
    return ["ada.py", "ada/toy/toy.py"]
