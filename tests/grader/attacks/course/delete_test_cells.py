# expect: error
# why: nbgrader 32b: a notebook without one cell to be graded
# %% [markdown]
# All test cells are gone, so nothing can be wrong.
