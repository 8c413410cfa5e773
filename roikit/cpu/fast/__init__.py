"""The fast kernels: float32 sums, sparse matrices of taps, vectors where the processor has them, threads."""
