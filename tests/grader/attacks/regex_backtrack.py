# expect: timeout
import re
def solve(x):
    re.match(r'(a+)+$', 'a' * 60 + 'b')
    return x
