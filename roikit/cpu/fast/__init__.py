"""The fast kernels: sparse matrices of taps, vectors where the processor has them, threads."""
