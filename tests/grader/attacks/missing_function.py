# expect: error
def solv(x):
    return x
