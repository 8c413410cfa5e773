# expect: error
# why: rewrites the cells that test it, where tests are cells
ip = get_ipython()
ip.run_cell_async = lambda *a, **k: None
ip.input_transformers_cleanup.append(lambda lines: ['10\n'])
def solve(x):
    return ip
