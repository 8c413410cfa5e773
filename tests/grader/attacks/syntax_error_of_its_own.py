# expect: error|crashed
class Text:
    def __str__(self): raise ValueError('\x9b')
error = SyntaxError('x')
error.lineno, error.msg, error.text, error.filename = '<script>', Text(), 5, object()
raise error
