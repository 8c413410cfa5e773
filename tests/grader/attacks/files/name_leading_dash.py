# expect: correct
# kind: names
# why: options to a program that takes names for them


def build():
    return ["-rf.py", "--output=x/toy/toy.py"]
