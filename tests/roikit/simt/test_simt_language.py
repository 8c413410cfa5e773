"""What kernels may say: each word of CUDA C in a small kernel whose result can be worked out by hand."""

import numpy as np
import pytest
from simt_run import floats, run

from roikit import simt

# ---- threads and blocks


def test_adds_two_vectors():
    code = """
    extern "C" __global__ void k(const float* __restrict__ x, const float* y, float* out, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) out[i] = x[i] + y[i];
    }"""
    x, out = floats(100), np.zeros(100, np.float32)
    run(code, (4,), (32,), (x, 2 * x, out, np.int32(100)))
    assert np.array_equal(out, 3 * x)


def test_every_thread_of_a_three_dimensional_grid_knows_its_place():
    code = """
    extern "C" __global__ void k(int* out) {
        int x = blockIdx.x * blockDim.x + threadIdx.x;
        int y = blockIdx.y * blockDim.y + threadIdx.y;
        int z = blockIdx.z * blockDim.z + threadIdx.z;
        int X = gridDim.x * blockDim.x, Y = gridDim.y * blockDim.y;
        out[(z * Y + y) * X + x] = 10000 * z + 100 * y + x;
    }"""
    out = np.zeros((6, 20, 8), np.int32)
    run(code, (2, 4, 3), (4, 5, 2), (out,))
    z, y, x = np.indices(out.shape)
    assert np.array_equal(out, 10000 * z + 100 * y + x)


def test_a_block_has_up_to_1024_threads():
    code = """
    extern "C" __global__ void __launch_bounds__(1024, 2) k(int* out) {
        __shared__ int s[1024];
        s[threadIdx.x] = threadIdx.x;
        __syncthreads();
        out[threadIdx.x] = s[1023 - threadIdx.x];
    }"""
    out = np.zeros(1024, np.int32)
    run(code, (1,), (1024,), (out,))
    assert np.array_equal(out, np.arange(1024)[::-1])


# ---- shared memory and barriers


def test_reverses_through_static_shared_memory():
    code = """
    extern "C" __global__ void k(const float* x, float* out) {
        __shared__ float s[64];
        int first = blockIdx.x * 64;
        s[threadIdx.x] = x[first + threadIdx.x];
        __syncthreads();
        out[first + threadIdx.x] = s[63 - threadIdx.x];
    }"""
    x, out = floats(3, 64), np.zeros((3, 64), np.float32)
    run(code, (3,), (64,), (x, out))
    assert np.array_equal(out, x[:, ::-1])


def test_transposes_through_a_padded_tile():
    code = """
    extern "C" __global__ void k(const float* x, float* out, int H, int W) {
        __shared__ float tile[16][17];
        int w = blockIdx.x * 16 + threadIdx.x, h = blockIdx.y * 16 + threadIdx.y;
        if (h < H && w < W) tile[threadIdx.y][threadIdx.x] = x[h * W + w];
        __syncthreads();
        w = blockIdx.y * 16 + threadIdx.x, h = blockIdx.x * 16 + threadIdx.y;
        if (h < W && w < H) out[h * H + w] = tile[threadIdx.x][threadIdx.y];
    }"""
    x, out = floats(20, 35), np.zeros((35, 20), np.float32)
    run(code, (3, 2), (16, 16), (x, out, np.int32(20), np.int32(35)))
    assert np.array_equal(out, x.T)


DYNAMIC = {
    "in the kernel": ("", "extern __shared__ float s[];", "s"),
    "before the kernel": ("extern __shared__ float s[];", "", "s"),
    "aligned bytes": (
        "extern __shared__ __align__(16) unsigned char bytes[];",
        "float* s = reinterpret_cast<float*>(bytes);",
        "s",
    ),
    "words in another order": ("", "__shared__ extern alignas(16) float s[];", "s"),
    "rows": ("", "extern __shared__ float s[][2];", "(&s[0][0])"),
    "over two lines, beside a comment": (
        "",
        "// extern __shared__ double s[];\nextern __shared__\n float s[];",
        "s",
    ),
}


@pytest.mark.parametrize("where", DYNAMIC)
def test_reverses_through_dynamic_shared_memory(where):
    before, inside, s = DYNAMIC[where]
    code = f"""
    {before}
    extern "C" __global__ void k(const float* x, float* out, int n) {{
        {inside}
        {s}[threadIdx.x] = x[threadIdx.x];
        __syncthreads();
        out[threadIdx.x] = {s}[n - 1 - threadIdx.x];
    }}"""
    x, out = floats(50), np.zeros(50, np.float32)
    kernel = simt.RawKernel(code, "k")
    kernel((1,), (50,), (x, out, np.int32(50)), shared_mem=200)
    assert np.array_equal(out, x[::-1])


def test_dynamic_shared_memory_of_a_template_has_the_templates_type():
    code = """
    template <class T> __global__ void k(const T* x, T* out) {
        extern __shared__ T s[];
        s[threadIdx.x] = x[threadIdx.x];
        __syncthreads();
        out[threadIdx.x] = s[31 - threadIdx.x];
    }"""
    for name, dtype in [("float", np.float32), ("double", np.float64)]:
        x, out = np.arange(32, dtype=dtype), np.zeros(32, dtype)
        run(code, (1,), (32,), (x, out), name=f"k<{name}>", shared_mem=x.nbytes)
        assert np.array_equal(out, x[::-1])


def test_shared_memory_of_a_block_holds_nothing_of_another_blocks():
    code = """
    extern "C" __global__ void k(unsigned* out) {
        __shared__ unsigned left;
        out[blockIdx.x] = left;
        left = 5;
    }"""
    out = np.zeros(4, np.uint32)
    simt.RawKernel(code, "k")((4,), (1,), (out,))
    assert np.array_equal(out, np.full(4, 0xFFFFFFFF))


def test_barriers_that_count():
    code = """
    extern "C" __global__ void k(int* out) {
        int t = threadIdx.x;
        int even = __syncthreads_count(t % 2 == 0);
        int all = __syncthreads_and(t < 40), most = __syncthreads_and(t < 39);
        int some = __syncthreads_or(t == 39), none = __syncthreads_or(t == 40);
        out[t] = 10000 * even + 1000 * all + 100 * most + 10 * some + none;
    }"""
    out = np.zeros(40, np.int32)
    run(code, (1,), (40,), (out,))
    assert np.array_equal(out, np.full(40, 20 * 10000 + 1000 + 10))


# ---- warps


def test_sums_a_block_by_shuffles():
    code = """
    extern "C" __global__ void k(const float* x, float* out, int n) {
        __shared__ float sums[32];
        float sum = 0;
        for (int i = threadIdx.x; i < n; i += blockDim.x) sum += x[i];
        #pragma unroll
        for (int d = 16; d > 0; d /= 2) sum += __shfl_down_sync(0xffffffffu, sum, d);
        if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = sum;
        __syncthreads();
        if (threadIdx.x >= 32) return;
        sum = threadIdx.x < blockDim.x / 32 ? sums[threadIdx.x] : 0;
        for (int d = 16; d > 0; d /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, d);
        if (threadIdx.x == 0) *out = sum;
    }"""
    x, out = floats(1000), np.zeros(1, np.float32)
    run(code, (1,), (128,), (x, out, np.int32(1000)))
    assert out[0] == 999 * 1000 / 2


def test_shuffles_within_parts_of_a_warp():
    code = """
    extern "C" __global__ void k(int* out) {
        int lane = threadIdx.x;
        out[lane] = __shfl_sync(0xffffffffu, lane, 3, 8);
        out[32 + lane] = __shfl_up_sync(0xffffffffu, lane, 2, 8);
        out[64 + lane] = __shfl_down_sync(0xffffffffu, lane, 2, 8);
        out[96 + lane] = __shfl_xor_sync(0xffffffffu, lane, 5, 8);
        out[128 + lane] = (int)__shfl_sync(0xffffffffu, 1e10 * lane, 31) == 2147483647;
    }"""
    lane = np.arange(32)
    out = np.zeros((5, 32), np.int32)
    simt.RawKernel(code, "k")((1,), (32,), (out,))
    assert np.array_equal(out[0], lane // 8 * 8 + 3)
    assert np.array_equal(out[1], np.where(lane % 8 < 2, lane, lane - 2))
    assert np.array_equal(out[2], np.where(lane % 8 > 5, lane, lane + 2))
    assert np.array_equal(out[3], lane ^ 5)


def test_votes_of_a_warp():
    code = """
    extern "C" __global__ void k(const int* x, unsigned* out) {
        int lane = threadIdx.x, v = x[lane], all;
        out[lane] = __ballot_sync(0xffffffffu, v == 1);
        out[32 + lane] = __any_sync(0xffffffffu, v == 3) + 2 * __any_sync(0xffffffffu, v == 4);
        out[64 + lane] = __all_sync(0xffffffffu, v < 4) + 2 * __all_sync(0xffffffffu, v < 3);
        out[96 + lane] = __match_any_sync(0xffffffffu, v);
        out[128 + lane] = __match_all_sync(0xffffffffu, v, &all);
        out[160 + lane] = __reduce_add_sync(0xffffffffu, v);
        out[192 + lane] = __reduce_max_sync(0xffffffffu, v);
    }"""
    x, out = np.arange(32, dtype=np.int32) % 4, np.zeros((7, 32), np.uint32)
    run(code, (1,), (32,), (x, out))
    assert np.array_equal(out[0], np.full(32, 0x22222222))
    assert np.array_equal(out[1], np.full(32, 1))
    assert np.array_equal(out[2], np.full(32, 1))
    assert np.array_equal(out[3], np.uint32(0x11111111) << x.astype(np.uint32))
    assert np.array_equal(out[4], np.zeros(32))
    assert np.array_equal(out[5], np.full(32, 48))
    assert np.array_equal(out[6], np.full(32, 3))


def test_the_lanes_of_a_branch_work_together():
    code = """
    extern "C" __global__ void k(unsigned* out) {
        int lane = threadIdx.x;
        if (lane % 2 == 0) {
            unsigned mask = __activemask();
            out[lane] = __popc(mask) * 100 + __shfl_sync(mask, lane, 6);
        } else {
            out[lane] = __ballot_sync(0xaaaaaaaau, lane > 15);
        }
        __syncwarp();
    }"""
    out = np.zeros(32, np.uint32)
    run(code, (1,), (32,), (out,))
    assert np.array_equal(out[::2], np.full(16, 1606))
    assert np.array_equal(out[1::2], np.full(16, 0xAAAA0000))


def test_a_shuffle_does_not_wait_for_lanes_that_returned():
    code = """
    extern "C" __global__ void k(int* out) {
        if (threadIdx.x >= 20) return;
        out[threadIdx.x] = __shfl_sync(0xffffffffu, (int)threadIdx.x, 7);
    }"""
    out = np.zeros(20, np.int32)
    simt.RawKernel(code, "k")((1,), (32,), (out,))
    assert np.array_equal(out, np.full(20, 7))


# ---- atomics


def test_counts_a_histogram_by_atomics():
    code = """
    extern "C" __global__ void k(const unsigned char* x, unsigned* bins, int n) {
        __shared__ unsigned own[8];
        if (threadIdx.x < 8) own[threadIdx.x] = 0;
        __syncthreads();
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        if (i < n) atomicAdd(&own[x[i]], 1);
        __syncthreads();
        if (threadIdx.x < 8) atomicAdd(&bins[threadIdx.x], own[threadIdx.x]);
    }"""
    x = np.random.default_rng(0).integers(0, 8, 1000).astype(np.uint8)
    bins = np.zeros(8, np.uint32)
    run(code, (16,), (64,), (x, bins, np.int32(1000)))
    assert np.array_equal(bins, np.bincount(x))


def test_each_atomic_on_each_type():
    code = """
    extern "C" __global__ void k(int* i, unsigned* u, unsigned long long* l, float* f, double* d) {
        int t = threadIdx.x;
        atomicAdd(&i[0], t); atomicSub(&i[1], t); atomicMin(&i[2], -t); atomicMax(&i[3], t);
        atomicAnd(&i[4], ~(1 << (t % 8))); atomicOr(&i[5], 1 << (t % 8)); atomicXor(&i[6], t);
        atomicInc(&u[0], 5); atomicDec(&u[1], 5); atomicMax(&u[2], t);
        atomicAdd(&l[0], 1ull << 32); atomicMax(&l[1], 1ull << t);
        atomicAdd(f, 0.5f); atomicAdd(d, 0.25);
    }"""
    i, u, l = np.zeros(7, np.int32), np.zeros(3, np.uint32), np.zeros(2, np.uint64)
    f, d = np.zeros(1, np.float32), np.zeros(1)
    i[4] = -1
    run(code, (1,), (40,), (i, u, l, f, d))
    xor = np.bitwise_xor.reduce(np.arange(40))
    assert i.tolist() == [780, -780, -39, 39, -256, 255, xor]
    assert u.tolist() == [40 % 6, 2, 39]
    assert l.tolist() == [40 << 32, 1 << 39]
    assert (f[0], d[0]) == (20, 10)


def test_multiplies_by_compare_and_swap():
    code = """
    extern "C" __global__ void k(float* product, int* lock) {
        int* bits = (int*)product;
        int old = *bits, seen;
        do {
            seen = old;
            old = atomicCAS(bits, seen, __float_as_int(__int_as_float(seen) * 2.0f));
        } while (old != seen);
        atomicExch(lock, 3);
    }"""
    product, lock = np.ones(1, np.float32), np.zeros(1, np.int32)
    run(code, (2,), (10,), (product, lock))
    assert product[0] == 2**20
    assert lock[0] == 3


# ---- functions


def test_functions_that_c_lacks():
    code = """
    extern "C" __global__ void k(float* f, int* i, long long* l) {
        f[0] = rsqrtf(4.0f); f[1] = __fdividef(1.0f, 8.0f); f[2] = __saturatef(1.5f); f[3] = max(1, 2.5f);
        f[4] = fmaxf(nanf(""), 3.0f); f[5] = min(-0.5f, 2.0f); f[6] = __fmaf_rn(2.0f, 3.0f, 1.0f);
        f[7] = __int_as_float(0x40490fdb); f[8] = abs(-2.5f); f[9] = sinpif(0.5f);
        i[0] = __float_as_int(1.0f); i[1] = __popc(0xf0f0u); i[2] = __clz(1); i[3] = __ffs(8);
        i[4] = __float2int_rn(2.5f); i[5] = __float2int_rd(-2.5f); i[6] = __float2int_ru(-2.5f);
        i[7] = __float2int_rz(1e20f); i[8] = __umulhi(1u << 31, 6); i[9] = (int)__brev(1u << 3);
        i[10] = max(-3, 2); i[11] = min(7u, 9u); i[12] = abs(-4);
        i[13] = __byte_perm(0x33221100, 0x77665544, 0x5410);
        l[0] = __double_as_longlong(1.0); l[1] = max(1ll << 40, 3ll); l[2] = llabs(-5); l[3] = clock64() > 0;
        l[4] = __mul64hi(1ll << 62, 12);
    }"""
    f, i, l = np.zeros(10, np.float32), np.zeros(14, np.int32), np.zeros(5, np.int64)
    run(code, (1,), (1,), (f, i, l))
    assert f.tolist() == [0.5, 0.125, 1, 2.5, 3, -0.5, 7, np.float32(np.pi), 2.5, 1]
    assert i.tolist() == [0x3F800000, 8, 31, 4, 2, -3, -2, 2**31 - 1, 3, 1 << 28, 2, 7, 4, 0x55441100]
    assert l.tolist() == [0x3FF0000000000000, 1 << 40, 5, 1, 3]


def test_prints():
    code = """
    extern "C" __global__ void k(const float* x) {
        int i = threadIdx.x;
        if (i < 2) printf("x[%d] = %g\\n", i, x[i]);
    }"""
    report = simt.RawKernel(code, "k")((1,), (32,), (floats(32) / 2,))
    assert report.printed == "x[0] = 0\nx[1] = 0.5\n"


def test_a_null_pointer_is_none():
    code = """extern "C" __global__ void k(const float* x, int* out) { *out = x == nullptr; }"""
    out = np.zeros(1, np.int32)
    run(code, (1,), (1,), (None, out))
    assert out[0] == 1
