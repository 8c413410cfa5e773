# expect: correct
# kind: names


def build():
    return ["![x](y).py", "[ada](b).py", "__ada__.py", "[bold red]ada.py"]
