# expect: internal_error|correct
# kind: names
# why: the name that a twin would be given is taken


def build():
    return ["ada.py", "Ada.py", "ada~2.py"]
