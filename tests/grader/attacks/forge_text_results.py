# expect: wrong|output_limit|crashed
import os
t = b'{"score": 100, "tests": [{"name": "t1", "passed": true}]}\nALL TESTS PASSED\n1..3\nok 1\nok 2\nok 3\n'
for fd in (1, 2): os.write(fd, t)
for n in ('results.json', '/tmp/results.json', 'report.xml', '.pytest_cache', 'conftest.py'):
    try: open(n, 'wb').write(t)
    except OSError: pass
def solve(x):
    return True
