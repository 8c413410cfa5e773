"""One face per operation: the contract in words, the checks, the output array, the call."""
