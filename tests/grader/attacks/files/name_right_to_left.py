# expect: refused
# kind: names


def build():
    return ["\u202eada/toy/toy.py", "gra\u202eyp.py", "\u2066ada\u2069.py", "\u200fada.py"]
