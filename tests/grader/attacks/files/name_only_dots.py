# expect: refused|missing
# kind: names


def build():
    return [".../toy/toy.py", "....py"]
