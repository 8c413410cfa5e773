# expect: correct
# kind: names


def build():
    return ["ada, countess.py", "o'neil.py", "a;b.py", "a'';b.py"]
