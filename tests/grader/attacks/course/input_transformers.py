# expect: wrong
# why: nbgrader 14: the text of the test cells is rewritten on its way to the interpreter
# %%
from IPython import get_ipython
get_ipython().input_transformers_cleanup.append(lambda lines: ["40\n"])
get_ipython().input_transformer_manager.line_transforms.insert(0, lambda lines: ["40\n"])
# %%
def answer(*args):
    return 40
