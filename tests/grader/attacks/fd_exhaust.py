# expect: error
def solve(x):
    a = []
    while True: a.append(open('/dev/null'))
