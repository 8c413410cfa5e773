"""How kernels are compiled: options, the compiler's errors in the author's own lines, and the cache."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from roikit import simt
from roikit.simt import build, compiler, source
from roikit.simt import cache as cache_module

FILL = """extern "C" __global__ void fill(int* out) { out[threadIdx.x] = VALUE; }"""


def filled(**settings):
    out = np.zeros(3, np.int32)
    simt.RawKernel(FILL, "fill", **settings)((1,), (3,), (out,))
    return out.tolist()


def refusal(code, name="k", **settings):
    with pytest.raises(simt.CompileError) as caught:
        simt.RawKernel(code, name, **settings).compile()
    return str(caught.value)


# ---- options and errors


def test_macros_and_standards_are_passed_on_and_the_rest_of_nvrtcs_options_changes_nothing():
    options = ("-DVALUE=5", "--std=c++11", "-use_fast_math", "--gpu-architecture=sm_90")
    assert filled(options=options) == [5, 5, 5]
    assert filled(options=("--define-macro=VALUE=__cplusplus/100", "-std=c++20"))[0] > 2017


def test_an_error_has_the_authors_file_and_line():
    code = '__device__ int f();\n\nextern "C" __global__ void k(int* out) {\n    out[0] = g();\n}\n'
    message = refusal(code, filename="mine.cu")
    assert re.match(r"mine\.cu:4: .*g.* was not declared in this scope$", message)


def test_an_error_inside_the_language_has_the_line_that_led_there():
    code = 'extern "C" __global__ void k(short* x) {\n    atomicAdd(x, 1);\n}'
    assert refusal(code).startswith("kernel.cu:2: static assertion failed: atomicAdd takes a pointer to int")


def test_threads_cannot_change_their_numbers():
    assert refusal('extern "C" __global__ void k() {\n\nthreadIdx.x = 1;\n}').startswith("kernel.cu:3: ")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('asm volatile("mov.u32 %0, %%laneid;" : "=r"(*x));', "inline PTX assembly"),
        ("*x = tex2D<float>(texture, 0, 0);", "textures and surfaces"),
        ("cg::thread_block block = cg::this_thread_block();", "cooperative groups"),
        ("nvcuda::wmma::fill_fragment(x, 0);", "tensor core instructions (wmma)"),
        ("__pipeline_memcpy_async(x, x, 16);", "asynchronous copies"),
        ("k<<<1, 32>>>(x);", "launching a kernel from a kernel"),
        ("#include <cub/cub.cuh>", "NVIDIA's C++ libraries"),
    ],
)
def test_what_the_cpu_has_not_is_refused_in_one_sentence(line, what):
    message = refusal(f'extern "C" __global__ void k(int* x) {{\n{line}\n}}')
    assert message == f"kernel.cu:2: roikit.simt runs kernels on the CPU, which has no {what}"


def test_what_the_cpu_has_not_may_stand_where_nothing_is_compiled():
    code = """extern "C" __global__ void k(int* x) {
    #if __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_all;");
    #endif
    *x = 1;
    }"""
    simt.RawKernel(code, "k").compile()


def test_a_kernel_that_is_not_there():
    code = "template <class T> __global__ void one(T* x) {}\n" 'extern "C" __global__ void two() {}'
    message = "kernel.cu: there is no __global__ function 'three'; there is: one, two"
    assert refusal(code, "three") == message
    template = "kernel.cu: 'one' is a template: name an instance of it, such as 'one<float>'"
    assert refusal(code, "one") == template


# ---- reading the text


def test_kernels_and_their_parameters_are_read_off_the_text():
    code = """
    // __global__ void not_this(int a);
    extern "C" __global__ void __launch_bounds__(256, 2) first(
        const float* __restrict__ x,  // (K, 5)
        float (*rows)[4], unsigned n = 3) {}
    template <class T, int N> static __global__ void second(const Pair<T, N> pair, T* const out) {}
    __global__ void third() {}
    """
    names = source.kernels(code)
    assert names["second"] == ("pair", "out")
    assert names["third"] == ()
    assert list(names) == ["first", "second", "third"]
    assert names["first"][0] == "x"


def test_a_dynamic_shared_array_is_rewritten_on_its_own_lines():
    text = 'a\nextern __shared__\n  float s[];\nb "extern __shared__ int t[];"\n'
    rewritten = source.with_dynamic_shared(text)
    assert rewritten.splitlines()[1].startswith("static float (&s)[] = ")
    assert rewritten.count("\n") == text.count("\n")
    assert rewritten.endswith('b "extern __shared__ int t[];"\n')


# ---- the cache


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("ROIKIT_SIMT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_a_kernel_is_built_once_for_each_text_mode_and_option(cache):
    assert filled(options=("-DVALUE=5",)) == [5, 5, 5]
    (engine,), (program,) = cache.glob("engine-*"), cache.glob("kernel-*")
    built = (program / "program").stat().st_mtime_ns
    assert filled(options=("-DVALUE=5",)) == [5, 5, 5]
    assert (program / "program").stat().st_mtime_ns == built
    assert filled(options=("-DVALUE=6",)) == [6, 6, 6]
    assert len(list(cache.glob("kernel-*"))) == 2
    assert list(cache.glob("engine-*")) == [engine]
    assert not list(cache.glob("new-*"))
    assert cache.stat().st_mode & 0o777 == 0o700


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ROIKIT_SIMT_CACHE", str(tmp_path / "file" / "cache"))
    folder = cache_module.folder()
    assert folder.is_dir()
    assert tmp_path not in folder.parents


def test_a_cache_that_others_can_write_to_is_not_trusted(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    monkeypatch.setenv("ROIKIT_SIMT_CACHE", str(shared))
    assert cache_module.folder() != shared


def test_all_files_lie_in_the_folder_and_all_processes_start_there(tmp_path, cache):
    started = []

    def run(argv, folder, seconds):
        started.append(argv)
        assert folder == tmp_path
        assert seconds > 0
        return subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False, timeout=seconds)

    kernel = simt.RawKernel(FILL, "fill", ("-DVALUE=4",), mode="check", folder=tmp_path, run=run)
    out = simt.empty(3, np.int32)
    report = kernel((1,), (3,), (out,))
    assert out.tolist() == [4, 4, 4]
    assert report.traffic[0].line == 1
    assert not cache.exists()
    assert Path(started[0][0]).is_absolute()  # the compiler is the system's
    for argv in started:
        assert not [word for word in argv[1:] if str(tmp_path) in word or str(build.PACKAGE) in word]


def test_without_a_compiler_the_remedy_is_told(monkeypatch):
    monkeypatch.delenv("ROIKIT_CXX", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(simt.NoCompiler, match="install one"):
        simt.RawKernel(FILL, "fill")((1,), (3,), ())
    monkeypatch.setenv("ROIKIT_CXX", "no-such-compiler -O3")
    with pytest.raises(simt.NoCompiler, match="ROIKIT_CXX names the compiler 'no-such-compiler'"):
        simt.RawKernel(FILL, "fill")((1,), (3,), ())


def test_another_system_is_told_where_it_works(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(simt.NoCompiler, match="On Windows use WSL"):
        compiler.find()


@pytest.mark.parametrize("damage", ["description.json", "program"])
def test_a_damaged_program_is_built_again(monkeypatch, tmp_path, damage):
    monkeypatch.setenv("ROIKIT_SIMT_CACHE", str(tmp_path))
    code = 'extern "C" __global__ void k(int* x) { x[0] = 7; }'
    for _ in range(2):
        x = np.zeros(1, np.int32)
        simt.RawKernel(code, "k")((1,), (1,), (x,))
        assert x[0] == 7
        (kept,) = tmp_path.glob("kernel-*")
        (kept / damage).unlink()


def test_the_cache_is_bounded(monkeypatch, tmp_path):
    monkeypatch.setenv("ROIKIT_SIMT_CACHE", str(tmp_path))
    monkeypatch.setattr(cache_module, "MOST_PROGRAMS", 2)
    for number in range(4):
        code = f'extern "C" __global__ void k(int* x) {{ x[0] = {number}; }}'
        simt.RawKernel(code, "k")((1,), (1,), (np.zeros(1, np.int32),))
    assert len(list(tmp_path.glob("kernel-*"))) <= 3
