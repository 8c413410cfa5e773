# expect: refused
# kind: names


def build():
    return ["<svg onload=alert(1)>.py", "<b>/toy/toy.py"]
