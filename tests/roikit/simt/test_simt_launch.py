"""How kernels are launched: what comes back, and the sentence that each wrong launch gets."""

import re

import numpy as np
import pytest

from roikit import simt

ADD = """
extern "C" __global__ void add(const float* x, float* out, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) out[i] += x[i];
}
extern "C" __global__ void scale(float* x, float factor) { x[threadIdx.x] *= factor; }
struct Box { float x1, y1, x2, y2; };
extern "C" __global__ void area(const Box* boxes, void* out, const unsigned char* mask) {
    Box box = boxes[threadIdx.x];
    static_cast<float*>(out)[threadIdx.x] = mask[0] * (box.x2 - box.x1) * (box.y2 - box.y1);
}
"""
ONES = np.ones(8, np.float32)


@pytest.fixture(scope="module")
def add():
    return simt.RawKernel(ADD, "add")


@pytest.fixture(scope="module")
def scale():
    return simt.RawKernel(ADD, "scale")


def faults(code, args=(), block=64, mode="fast", **settings):
    """The sentence of the fault that a kernel `k` ends with."""
    with pytest.raises(simt.KernelFault) as caught:
        simt.RawKernel(code, "k", mode=mode, **settings)((1,), (block,), args)
    return str(caught.value)


# ---- what comes back


def test_an_array_is_changed_in_place_and_the_report_tells_the_threads(add):
    out = np.arange(8, dtype=np.float32)
    report = add((2,), (4,), (ONES, out, np.int32(8)))
    assert out.tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert report.threads == 8
    assert report.seconds < 5
    assert (report.findings, report.traffic, report.notes, report.printed) == ((), (), (), "")


def test_grid_and_block_may_be_numbers(add):
    out = np.zeros(8, np.float32)
    add(2, 4, [ONES, out, np.int32(8)])
    assert np.array_equal(out, ONES)


def test_one_array_may_be_two_arguments(add):
    x = np.arange(8, dtype=np.float32)
    add((1,), (8,), (x, x, np.int32(8)))
    assert np.array_equal(x, 2 * np.arange(8))


def test_empty_arrays_and_no_arguments():
    simt.RawKernel(ADD, "add")((1,), (8,), (ONES[:0], np.zeros(0, np.float32), np.int32(0)))
    simt.RawKernel('extern "C" __global__ void k() {}', "k")((3,), (5,), ())


def test_large_arrays_come_back_whole(add):
    x = np.arange(1_000_000, dtype=np.float32)
    out = np.ones_like(x)
    add((1000,), (1000,), (x, out, np.int32(x.size)))
    assert np.array_equal(out, x + 1)


def test_structures_void_and_bytes_lie_over_any_array():
    boxes = np.array([[0, 0, 2, 3], [1, 1, 2, 5]], np.float32)
    out = np.zeros(2, np.float32)
    simt.RawKernel(ADD, "area")((1,), (2,), (boxes, out, np.array([True])))
    assert out.tolist() == [6, 4]


def test_an_empty_array_holds_no_result():
    out = simt.empty((2, 3), np.float32)
    assert isinstance(out, np.ndarray)
    assert out.shape == (2, 3)
    assert np.isnan(out).all()


def test_an_empty_array_that_was_written_to_is_an_array_like_any_other(add):
    out = simt.empty(8, np.float32)
    out[...] = 1
    add((1,), (8,), (ONES, out, np.int32(8)))
    add((1,), (8,), (out, out, np.int32(8)))
    assert np.array_equal(out, 4 * ONES)


def test_the_order_of_threads_and_blocks_shows_where_they_race():
    code = """
    extern "C" __global__ void k(int* last) { *last = blockIdx.x * blockDim.x + threadIdx.x; }
    """
    last = {}
    for order in ("forward", "reverse", "random:1", "random:2"):
        out = np.zeros(1, np.int32)
        simt.RawKernel(code, "k", order=order)((5,), (7,), (out,))
        last[order] = int(out[0])
    assert last["forward"] == 34
    assert last["reverse"] == 0
    assert last["random:1"] != last["random:2"]


# ---- refused launches


@pytest.mark.parametrize(
    ("grid", "block", "sentence"),
    [
        ((1, 70000), (1,), "grid.y must be between 1 and 65535; got 70000"),
        ((0,), (1,), "grid.x must be between 1 and 2147483647; got 0"),
        ((1, 1, 1, 1), (1,), "grid must have one to three sizes (x, y, z); got (1, 1, 1, 1)"),
        ((1,), (2.5,), "block must be made of integers; got (2.5,)"),
        ((1,), (1, 1, 65), "block.z must be between 1 and 64; got 65"),
        ((1,), (64, 32), "a block has at most 1024 threads; got 64 x 32 x 1 = 2048"),
    ],
)
def test_a_grid_that_cuda_refuses(add, grid, block, sentence):
    with pytest.raises(simt.LaunchError, match=f"^{re.escape(sentence)}$"):
        add(grid, block, (ONES, ONES.copy(), np.int32(8)))


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ((ONES,), "add takes 3 arguments (const float* x, float* out, int n); got 1"),
        ((ONES, ONES, 8), "argument 3 (int n) is the Python number 8: CuPy would pass it as 8 bytes"),
        ((ONES, ONES, np.int64(8)), "argument 3 (int n) got a NumPy int64; it must be int32"),
        ((ONES, ONES, np.float32(8)), "argument 3 (int n) got a NumPy float32; it must be int32"),
        ((ONES, ONES, ONES), "argument 3 (int n) is a value, and got an array of shape (8,)"),
        ((ONES, ONES, "8"), "argument 3 (int n) must be a NumPy scalar; got str"),
        (([1.0], ONES, np.int32(8)), "argument 1 (const float* x) must be a NumPy array or None; got list"),
        ((ONES, np.float32(1), np.int32(8)), "argument 2 (float* out) is a pointer, and got the number"),
        ((ONES, ONES.astype(float), np.int32(8)), "got an array of float64; its elements must be float32"),
        ((ONES, ONES[::2], np.int32(4)), "got an array of strides (8,); it must be C-contiguous"),
        ((ONES, np.broadcast_to(ONES, 8), np.int32(8)), "argument 2 (float* out) got a read-only array"),
        ((ONES.astype(">f4"), ONES, np.int32(8)), "argument 1 (const float* x) got an array whose elements"),
        ((ONES[:6], ONES[2:], np.int32(6)), "the arrays of x and out overlap"),
    ],
)
def test_arguments_that_do_not_fit_are_named(add, args, sentence):
    with pytest.raises(simt.LaunchError) as caught:
        add((1,), (8,), args)
    assert sentence in str(caught.value)


def test_a_python_float_is_refused_with_the_type_to_say(scale):
    with pytest.raises(simt.LaunchError, match=re.escape("as in np.float32(2.0)")):
        scale((1,), (8,), (ONES.copy(), 2.0))


def test_shared_memory_has_a_limit_that_an_attribute_raises():
    code = """
    extern "C" __global__ void k(int* out) {
        __shared__ int own[100];
        extern __shared__ int s[];
        own[out[1]] = s[out[0]] = 7;
        out[1] = s[out[0]] + own[out[1]];
    }"""
    kernel = simt.RawKernel(code, "k")
    out = np.array([15_000, 0], np.int32)
    with pytest.raises(simt.LaunchError, match="got 400 of __shared__ variables and shared_mem=65000"):
        kernel((1,), (1,), (out,), shared_mem=65000)
    kernel.max_dynamic_shared_size_bytes = 100 << 10
    kernel((1,), (1,), (out,), shared_mem=65000)
    assert out.tolist() == [15_000, 14]


def test_too_many_shared_variables():
    code = 'extern "C" __global__ void k(int* x) { __shared__ int s[20000]; s[x[0]] = 1; x[0] = s[x[1]]; }'
    with pytest.raises(simt.LaunchError, match="variables take 80000 bytes; CUDA allows 49152"):
        simt.RawKernel(code, "k")((1,), (1,), (np.zeros(2, np.int32),))


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"mode": "slow"}, 'mode must be "fast" or "check"'),
        ({"order": "random"}, 'order must be one of forward, reverse and "random:SEED"'),
        ({"timeout": 0}, "timeout must be more than 0 seconds"),
        ({"filename": "../x.cu"}, "filename must be a name without folders"),
        ({"options": "-DN=1"}, "options must be a tuple of texts"),
        ({"options": ("-foo",)}, "options holds '-foo', which is none of NVRTC's"),
        ({"run": print}, "run needs a folder"),
    ],
)
def test_settings_are_checked(settings, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        simt.RawKernel(ADD, "add", **settings)


# ---- launches that come to a bad end


def test_barriers_on_two_lines():
    code = """extern "C" __global__ void k() {
    if (threadIdx.x < 32) __syncthreads();
    else __syncthreads();
    }"""
    assert faults(code) == (
        "kernel.cu:3: thread (32,0,0) of block (0,0,0) waits at this __syncthreads(), while thread (0,0,0) "
        "waits at the one of line 2: all threads of a block must meet at the same"
    )


def test_a_shuffle_that_waits_for_ever():
    code = """extern "C" __global__ void k() {
    if (threadIdx.x < 20) __shfl_sync(0xffffffffu, 1, 0);
    else __syncthreads();
    }"""
    assert faults(code).startswith("kernel.cu:2: thread (0,0,0) of block (0,0,0) waits in a warp operation")


def test_a_mask_without_the_caller():
    code = 'extern "C" __global__ void k() { __ballot_sync(1u, 1); }'
    assert faults(code).startswith("kernel.cu:1: thread (1,0,0) of block (0,0,0) calls a warp operation")


def test_threads_that_return_before_a_barrier_are_a_note():
    code = """extern "C" __global__ void k() {
    if (threadIdx.x < 20) return;
    __syncthreads();
    }"""
    report = simt.RawKernel(code, "k")((2,), (64,), ())
    assert report.notes == (
        "kernel.cu:3: 20 threads had ended when the others of block (0,0,0) met at this barrier, which waits "
        "for none of them: does it stand in a branch, or behind a return?",
    )


@pytest.mark.parametrize("mode", ["fast", "check"])
def test_a_wild_address(mode):
    code = 'extern "C" __global__ void k(float* x) {\nx[1ll << 40] = threadIdx.x;\n}'
    with pytest.raises(simt.KernelFault) as caught:
        simt.RawKernel(code, "k", mode=mode)((1,), (4,), (ONES.copy(),))
    (finding,) = caught.value.findings
    assert (finding.line, finding.thread, finding.block) == (2, (0, 0, 0), (0, 0, 0))


def test_a_write_behind_const():
    code = 'extern "C" __global__ void k(const float* x) {\nfloat* y = (float*)x;\ny[threadIdx.x] = 2;\n}'
    x = ONES.copy()
    sentence = "kernel.cu:3: thread (0,0,0) of block (0,0,0) writes to x, which is an input"
    assert faults(code, (x,), 4).startswith(sentence)
    assert np.array_equal(x, ONES)


def test_recursion_without_end():
    code = """__device__ int f(int n, volatile int* p) {
    volatile int a[100];
    a[0] = n;
    return *p == 0 ? 0 : f(n + 1, p) + a[0];
    }
    extern "C" __global__ void k(int* p) { *p = f(1, p); }"""
    sentence = faults(code, (np.ones(1, np.int32),), 4)
    assert "needs more than the 262144 bytes of stack that a thread has" in sentence


def test_a_failed_assertion():
    code = '#include <assert.h>\nextern "C" __global__ void k(const int* p) { assert(*p == 1); }'
    sentence = faults(code, (np.zeros(1, np.int32),))
    assert sentence == "kernel.cu:2: thread (0,0,0) of block (0,0,0): the assertion failed"


def test_a_loop_without_end_is_found_at_its_line():
    code = """extern "C" __global__ void k(volatile int* go) {
    int i = 0;
    while (*go) i++;
    }"""
    kernel = simt.RawKernel(code, "k", timeout=0.3)
    with pytest.raises(simt.KernelTimeout, match=r"^kernel.cu:3: the kernel was not done after 0.3 s"):
        kernel((1,), (1,), (np.ones(1, np.int32),))


def test_memory_without_end():
    code = """extern "C" __global__ void k(int* got) {
    while (malloc(1 << 20) != nullptr) ++*got;
    }"""
    got = np.zeros(1, np.int32)
    simt.RawKernel(code, "k", memory=64 << 20)((1,), (1,), (got,))
    assert 0 < got[0] < 64


def test_a_program_that_ends_itself():
    with pytest.raises(simt.KernelCrash, match="ended with status 3 and no report"):
        simt.RawKernel('extern "C" __global__ void k() { _Exit(3); }', "k")((1,), (1,), ())


def test_what_a_kernel_prints_is_printed(capsys):
    code = 'extern "C" __global__ void k() { printf("%d ", threadIdx.x); }'
    report = simt.RawKernel(code, "k")((1,), (3,), ())
    assert report.printed == capsys.readouterr().out == "0 1 2 "


@pytest.mark.parametrize("shared", [1.5, None, "a", -1])
def test_shared_memory_is_a_number_of_bytes(shared):
    with pytest.raises(simt.LaunchError, match="shared_mem must be a whole number of bytes"):
        simt.RawKernel('extern "C" __global__ void k() {}', "k")((1,), (1,), (), shared_mem=shared)


@pytest.mark.parametrize("options", [{"timeout": None}, {"timeout": float("inf")}, {"memory": 1.5}])
def test_limits_are_numbers(options):
    with pytest.raises(ValueError, match=f"{next(iter(options))} must be "):
        simt.RawKernel('extern "C" __global__ void k() {}', "k", **options)


def test_an_output_that_holds_what_empty_fills_it_with():
    """-1 has the bytes of an array that nothing was written to; a kernel, or NumPy, has written it."""
    minus = 'extern "C" __global__ void k(int* x) { x[threadIdx.x] = -1; }'
    again = 'extern "C" __global__ void k(int* x) { x[threadIdx.x] += 1; }'
    first, second = simt.empty(4, np.int32), simt.empty(4, np.int32)
    simt.RawKernel(minus, "k", mode="check")((1,), (4,), (first,))
    second[:] = -1
    for array in (first, second):
        simt.RawKernel(again, "k", mode="check")((1,), (4,), (array,))
        assert array.tolist() == [0, 0, 0, 0]
