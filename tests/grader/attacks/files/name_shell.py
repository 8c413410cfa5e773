# expect: correct
# kind: names


def build():
    return ["$(touch owned).py", "`touch owned`.py", "ada;touch owned.py", "ada&touch owned/toy/toy.py", "~root.py"]
