# expect: correct
# kind: names
# why: names that Windows keeps for itself


def build():
    return ["CON.py", "aux/toy/toy.py", "nul.ipynb.py", "LPT1.py", "index.py"]
