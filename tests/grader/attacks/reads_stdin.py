# expect: error
def solve(x):
    return input('answer: ')
