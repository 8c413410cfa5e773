# expect: refused
# kind: names


def build():
    return ["ada\u200b.py", "a\u2060da.py", "\ufeffada.py", "a\u00adda.py", "ada\U000e0041.py"]
