# expect: correct
# kind: names
# why: codes of addresses and templates


def build():
    return ["%2e%2e%2f.py", "%00.py", "%s%n.py", "{0.__class__}.py", "{{ 7 + 7 }}.py"]
