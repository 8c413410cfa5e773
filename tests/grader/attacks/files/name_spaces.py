# expect: correct
# kind: names


def build():
    return [" ada.py", "ada  b.py"]
