# expect: correct
# kind: names


def build():
    return ["a\u0301\u0302\u0303\u0304.py"]
