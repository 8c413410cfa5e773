# expect: correct
# kind: names
# why: Cyrillic: another name, and another student


def build():
    return ["ada.py", "\u0430d\u0430.py"]
