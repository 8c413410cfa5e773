# expect: correct
# kind: names
# why: a spreadsheet would run them


def build():
    return ["=1+1.py", "+1.py", "-2+3.py", "@SUM(A1).py", "=HYPERLINK(A1).py", "＝2+2.py", "＠SUM(B1).py"]
