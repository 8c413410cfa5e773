# expect: refused
# kind: names


def build():
    return ["\x1b[2J\x1b[31mALL PASSED.py", "\x9b31m/toy/toy.py", "\x1b]0;owned\x07.py"]
