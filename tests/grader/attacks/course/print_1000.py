# expect: wrong
# why: nbgrader 17: more points than there are
def answer(*args):
    print(1000, "1000/40", '{"score": 1000}', "PASSED", sep="\n")
    return 1000
