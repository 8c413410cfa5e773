# expect: crashed|error
def solve(x):
    raise type('E' * 10**6 + '\n<script>', (Exception,), {})('x')
