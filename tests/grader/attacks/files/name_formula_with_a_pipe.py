# expect: refused
# kind: names
# why: starts a program


def build():
    return ["=cmd|' !A0.py"]
