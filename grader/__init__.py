"""The autograder: submissions in, sandboxed runs, scores and explanations out.

The flow, one module a step::

    collect -> extract -> sandbox -> compare -> score -> feedback -> report
"""
