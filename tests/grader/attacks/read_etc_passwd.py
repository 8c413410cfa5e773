# expect: error
def solve(x):
    print(open('/etc/passwd').read())
    return x
