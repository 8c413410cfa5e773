# expect: error
def solve():
    return 1
