# expect: error
# why: nbgrader 31 and 32: the kernel says that all went well, and tracebacks are silent
# %%
import ipykernel.ipkernel
# %%
def fine(self, *args, **kwargs):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
ipykernel.ipkernel.IPythonKernel.do_execute = fine
get_ipython().__class__.showtraceback = lambda *args, **kwargs: None
# %%
def answer(*args):
    return ipykernel
