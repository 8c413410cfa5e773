"""CUDA's types on the CPU: vectors, numbers of 16 bits, structures, templates, constants."""

import ml_dtypes
import numpy as np
import pytest
from simt_run import floats, run

from roikit import simt


def test_vectors_are_as_large_and_as_aligned_as_in_cuda():
    code = """
    template <class V> __device__ void put(int* out) { out[0] = sizeof(V); out[1] = alignof(V); }
    extern "C" __global__ void k(int* out) {
        put<char4>(out); put<uchar2>(out + 2); put<short3>(out + 4);
        put<ushort4>(out + 6); put<int2>(out + 8);
        put<uint3>(out + 10); put<longlong2>(out + 12); put<float1>(out + 14); put<float3>(out + 16);
        put<float4>(out + 18); put<double2>(out + 20); put<double4>(out + 22);
    }"""
    out = np.zeros((12, 2), np.int32)
    simt.RawKernel(code, "k")((1,), (1,), (out,))
    assert out[:6].tolist() == [[4, 4], [2, 2], [6, 2], [8, 8], [8, 8], [12, 4]]
    assert out[6:].tolist() == [[16, 16], [4, 4], [12, 4], [16, 16], [16, 16], [32, 16]]


def test_loads_and_stores_vectors():
    code = """
    struct Box { float2 low, high; };
    __device__ float4 twice(float4 v) { return make_float4(2 * v.x, 2 * v.y, 2 * v.z, 2 * v.w); }
    extern "C" __global__ void k(const float4* x, float* out, const float2* pairs) {
        int i = threadIdx.x;
        reinterpret_cast<float4*>(out)[i] = twice(__ldg(&x[i]));
        Box box = {pairs[0], pairs[1]};
        __shared__ float4 s[4];
        s[i] = make_float4(box.low.x, box.low.y, box.high.x, box.high.y);
        __syncthreads();
        float4 v = s[3 - i];
        out[16 + i] = v.x + v.y + v.z + v.w;
    }"""
    x, out = floats(4, 4), np.zeros(20, np.float32)
    run(code, (1,), (4,), (x, out, floats(4)))
    assert np.array_equal(out[:16], 2 * x.ravel())
    assert np.array_equal(out[16:], np.full(4, 6))


SIXTEEN = {"__half": np.float16, "__nv_bfloat16": ml_dtypes.bfloat16}


@pytest.mark.parametrize("name", SIXTEEN)
def test_all_numbers_of_16_bits_become_floats_and_come_back(name):
    code = """
    #include <cuda_fp16.h>
    #include <cuda_bf16.h>
    template <class T> __global__ void k(const T* x, float* out, T* back) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        out[i] = float(x[i]);
        back[i] = T(out[i]);
    }"""
    bits = np.arange(65536, dtype=np.uint16)
    x = bits.view(SIXTEEN[name])
    out, back = np.zeros(65536, np.float32), np.zeros(65536, SIXTEEN[name])
    simt.RawKernel(code, f"k<{name}>")((256,), (256,), (x, out, back))
    number = ~np.isnan(out)
    assert np.array_equal(out, x.astype(np.float32), equal_nan=True)
    assert np.array_equal(back.view(np.uint16)[number], bits[number])
    assert np.all(back.view(np.uint16)[~number] == 0x7FFF)


@pytest.mark.parametrize("name", SIXTEEN)
def test_numbers_of_16_bits_are_rounded_once_to_the_nearest_even(name):
    code = """
    #include <cuda_fp16.h>
    #include <cuda_bf16.h>
    template <class T> __global__ void k(const T* a, const T* b, const float* f, T* out, int n) {
        int i = blockIdx.x * blockDim.x + threadIdx.x;
        out[i] = a[i] + b[i];
        out[n + i] = a[i] * b[i];
        out[2 * n + i] = __hsub(a[i], b[i]);
        out[3 * n + i] = a[i] / b[i];
        out[4 * n + i] = T(f[i]);
    }"""
    dtype = SIXTEEN[name]
    random = np.random.default_rng(0)
    # Numbers near each other in size, so that sums round, and floats of all sizes, ties among them.
    a, b = ((1 + random.random((2, 4096))) * 2.0 ** random.integers(-8, 8, (2, 4096))).astype(dtype)
    f = (random.integers(1, 2**13, 4096) * 2.0 ** random.integers(-30, 4, 4096)).astype(np.float32)
    out = np.zeros((5, 4096), dtype)
    simt.RawKernel(code, f"k<{name}>")((16,), (256,), (a, b, f, out, np.int32(4096)))
    x, y = a.astype(np.float32), b.astype(np.float32)
    with np.errstate(over="ignore"):
        expected = np.stack([x + y, x * y, x - y, x / y, f]).astype(dtype)
    assert np.array_equal(out.view(np.uint16), expected.view(np.uint16))


def test_pairs_of_halfs():
    code = """
    #include <cuda_fp16.h>
    extern "C" __global__ void k(const __half2* x, half2* out, float2* sums, half* total) {
        int i = threadIdx.x;
        half2 v = x[i];
        out[i] = __hfma2(v, __float2half2_rn(2.0f), __floats2half2_rn(1.0f, -1.0f));
        sums[i] = __half22float2(v + __halves2half2(__high2half(v), __low2half(v)));
        atomicAdd(total, v.x);
    }"""
    x = np.arange(16, dtype=np.float16)
    out, sums, total = np.zeros(16, np.float16), np.zeros(16, np.float32), np.zeros(1, np.float16)
    run(code, (1,), (8,), (x, out, sums, total))
    assert np.array_equal(out, 2 * x + np.tile([1, -1], 8))
    assert np.array_equal(sums, np.repeat(x[::2] + x[1::2], 2))
    assert total[0] == x[::2].sum()


def test_a_structure_is_passed_by_value():
    code = """
    struct Shape { int H, W; float scale; double offset; };
    extern "C" __global__ void k(Shape shape, float* out) {
        out[threadIdx.x] = shape.H * 100 + shape.W + shape.scale * shape.offset;
    }"""
    shape = np.dtype([("H", "i4"), ("W", "i4"), ("scale", "f4"), ("offset", "f8")], align=True)
    out = np.zeros(2, np.float32)
    run(code, (1,), (2,), (np.array((3, 5, 0.5, 4.0), shape)[()], out))
    assert np.array_equal(out, [307, 307])


def test_an_instance_of_a_template_is_called_by_its_name():
    code = """
    namespace fill {
    template <class T, int N> __global__ void k(T* out) { out[threadIdx.x] = T(N) / 2; }
    }"""
    for name, dtype, half in [("fill::k<float, 5>", np.float32, 2.5), ("fill::k<int, 5>", np.int32, 2)]:
        out = np.zeros(3, dtype)
        run(code, (1,), (3,), (out,), name=name)
        assert np.array_equal(out, np.full(3, half))


def test_constants_and_device_functions():
    code = """
    __constant__ float weights[3] = {0.25f, 0.5f, 0.25f};
    __device__ const int reach = 1;
    template <class T> __device__ __forceinline__ T clamp(T x, T low, T high) {
        return min(max(x, low), high);
    }
    static __device__ __noinline__ float smooth(const float* x, int i, int n) {
        float sum = 0;
        for (int d = -reach; d <= reach; d++) sum += weights[d + reach] * x[clamp(i + d, 0, n - 1)];
        return sum;
    }
    extern "C" __global__ void k(const float* x, float* out, int n) {
        out[threadIdx.x] = smooth(x, threadIdx.x, n);
    }"""
    x = np.array([4, 8, 0, 4], np.float32)
    out = np.zeros(4, np.float32)
    run(code, (1,), (4,), (x, out, np.int32(4)))
    assert out.tolist() == [5, 5, 3, 3]
