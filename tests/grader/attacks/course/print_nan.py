# expect: wrong
# why: nbgrader 15: NaN printed and returned, which is more and less than nothing
def answer(*args):
    print("nan")
    print(float("nan"))
    return float("nan")
