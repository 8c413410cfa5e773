# expect: error
# why: a class whose name ends up in the sentence
def solve(x):
    E = type('\x1b[2J<img src=x onerror=alert(1)>\u202e', (), {'__module__': '\x07' * 100})
    return E()
