# expect: correct|error
print('<script>fetch("/formgrader/api/students")</script><img src=x onerror=alert(1)>')
print('=HYPERLINK("http://x","y")', '@SUM(1)', '1000', '-1', 'nan')
class Html:
    def _repr_html_(self): return '<script>alert(1)</script>'
Html()
def solve(x):
    return (x - x.mean()) / x.std()
