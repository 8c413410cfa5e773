"""The definition of every operation, in plain NumPy: slow, short, and meant to be read.

Each module is named as its operation and holds a function of the same name that writes into ``out``. Its
arguments have been checked. A convention is any record with the fields and properties of
`roikit.Convention`.
"""
