# expect: internal_error
# kind: names
# why: the same letters, wide and bold


def build():
    return ["ada.py", "\uff41\uff44\uff41.py", "\U0001d41a\U0001d41d\U0001d41a.py"]
