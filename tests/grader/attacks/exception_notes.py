# expect: error
def solve(x):
    e = ValueError('\u202eabc')
    e.__notes__ = ['\x1b[2J' + 'N' * 10**6] * 5
    e.__cause__ = e.__context__ = None
    raise e
