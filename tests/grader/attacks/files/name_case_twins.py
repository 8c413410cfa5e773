# expect: internal_error
# kind: names


def build():
    return ["ada.py", "ADA.py", "Ada/toy/toy.py"]
