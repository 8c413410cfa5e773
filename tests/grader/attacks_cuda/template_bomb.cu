// expect: error|memory|timeout|output_limit
// Types that name ever more types.
template <class T, int n>
struct Pair {
    Pair<Pair<T, n>, n + 1> first;
    Pair<Pair<Pair<T, n>, n>, n + 2> second;
};
constexpr int size = sizeof(Pair<int, 0>);

extern "C" __global__ void twice(const float* x, float* y, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 2 * x[i];
}
