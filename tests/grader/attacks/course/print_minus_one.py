# expect: wrong
# why: nbgrader 16: a negative number for partial credit
def answer(*args):
    print(-1)
    return -1
