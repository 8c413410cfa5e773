"""NVRTC on kernels of a few lines: machine code, resources, messages; and where it is looked for."""

import pytest

from roikit.gpu import nvrtc, toolkit

TWICE = """\
extern "C" __global__ void twice(float* x, int n) {
    __shared__ float staged[64];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    staged[threadIdx.x] = i < n ? x[i] : 0;
    __syncthreads();
    if (i < n) x[i] = staged[threadIdx.x] + staged[threadIdx.x];
}
"""
LOG = """\
ptxas info    : 0 bytes gmem
ptxas info    : Compiling entry function 'f' for 'sm_90'
ptxas info    : Function properties for f
ptxas         .     24 bytes stack frame, 20 bytes spill stores, 28 bytes spill loads
ptxas info    : Used 40 registers, used 1 barriers, 24 bytes cumulative stack size, 2048 bytes smem
ptxas info    : Compile time = 2.596 ms
ptxas info    : Compiling entry function 'g' for 'sm_90a'
ptxas info    : Function properties for g
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 10 registers, 380 bytes cmem[0]
"""


def test_a_kernel_becomes_machine_code():
    found = nvrtc.compile(TWICE, 90)

    assert found.cubin.startswith(b"\x7fELF")
    (kernel,) = found.kernels
    assert (kernel.kernel, kernel.arch, kernel.shared) == ("twice", 90, 64 * 4)
    assert (kernel.stack, kernel.spill_stores, kernel.spill_loads) == (0, 0, 0)
    assert 0 < kernel.registers <= 16


def test_options_reach_the_compiler():
    source = 'extern "C" __global__ void f(real* x) { x[0] = 1; }'

    assert nvrtc.compile(source, 80, ["-Dreal=double"]).kernels[0].kernel == "f"


def test_resources_are_read_off_the_log():
    assert list(nvrtc.resources(LOG)) == [
        nvrtc.Resources("f", 90, registers=40, stack=24, spill_stores=20, spill_loads=28, shared=2048),
        nvrtc.Resources("g", 90, registers=10, stack=0, spill_stores=0, spill_loads=0, shared=0),
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('extern "C" __global__ void f() {\n  wrong = 1;\n}', r'^hers\.cu:2: error: identifier "wrong"'),
        ('#line 40 "geometry.cuh"\nvoid f() { wrong = 1; }', r"^geometry\.cuh:40: error"),
        ("#include <cstdio>", r'^hers\.cu:1: .*open source file "cstdio"'),  # no header of the host
    ],
)
def test_a_message_names_file_and_line(source, message):
    with pytest.raises(nvrtc.CompileError, match=message):
        nvrtc.compile(source, 80, name="hers.cu")


def test_an_option_and_a_gpu_that_are_not_known():
    with pytest.raises(nvrtc.CompileError, match="unrecognized option --fastest"):
        nvrtc.compile(TWICE, 80, ["--fastest"])
    with pytest.raises(nvrtc.NvrtcError, match=r"compiles for sm_ .*90.*; got arch=12$"):
        nvrtc.compile(TWICE, 12)


# --- where it is looked for --------------------------------------------------------------------------------


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine with nothing but the files below a folder; gives a function that makes one."""
    monkeypatch.setattr(nvrtc.sys, "platform", "linux")
    monkeypatch.setattr(nvrtc, "NAMES", "libnvrtc.so.*")
    monkeypatch.setattr(toolkit, "packages", lambda: [tmp_path / "nvidia"])
    monkeypatch.setattr(toolkit, "toolkits", lambda: [tmp_path / "cuda"])
    monkeypatch.setattr(nvrtc.ctypes.util, "find_library", lambda name: None)

    def make(name):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return str(path)

    return make


def test_the_newest_package_comes_first_then_a_toolkit(machine):
    of_toolkit = machine("cuda/lib64/libnvrtc.so.12")
    assert nvrtc.find() == nvrtc.Found(of_toolkit)

    of_12 = machine("nvidia/cuda_nvrtc/lib/libnvrtc.so.12")
    machine("nvidia/cuda_nvrtc/lib/libnvrtc.alt.so.12")
    machine("nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.9")
    assert nvrtc.find().library == of_12

    of_13 = machine("nvidia/cu13/lib/libnvrtc.so.13")
    assert nvrtc.find().library == of_13


def test_headers_are_used_where_they_are(machine, tmp_path):
    machine("nvidia/cuda_nvrtc/lib/libnvrtc.so.12")
    machine("nvidia/cuda_runtime/include/cuda_fp16.h")

    found = nvrtc.find()

    assert (found.include / "cuda_fp16.h").is_file()


def test_the_library_of_windows(machine, monkeypatch):
    monkeypatch.setattr(nvrtc, "NAMES", "nvrtc64_*_0.dll")
    machine("nvidia/cu13/bin/x86_64/nvrtc-builtins64_135.dll")
    machine("nvidia/cu13/bin/x86_64/nvrtc64_130_0.alt.dll")
    wanted = machine("nvidia/cu13/bin/x86_64/nvrtc64_130_0.dll")

    assert nvrtc.find().library == wanted


def test_the_systems_own_comes_last(machine, monkeypatch):
    monkeypatch.setattr(nvrtc.ctypes.util, "find_library", lambda name: f"lib{name}.so.12")
    assert nvrtc.find() == nvrtc.Found("libnvrtc.so.12")


def test_where_there_is_none_the_sentence_says_how_to_get_it(machine, monkeypatch):
    with pytest.raises(nvrtc.NoNvrtc, match=r"pip install nvidia-cuda-nvrtc$"):
        nvrtc.find()

    broken = machine("cuda/lib64/libnvrtc.so.13")
    with pytest.raises(nvrtc.NoNvrtc, match=r"does not load .*pip install --force-reinstall"):
        nvrtc.Nvrtc(nvrtc.Found(broken))

    monkeypatch.setattr(nvrtc.sys, "platform", "darwin")
    with pytest.raises(nvrtc.NoNvrtc, match="no NVRTC for macOS"):
        nvrtc.find()


def test_places_of_tools(monkeypatch, tmp_path):
    monkeypatch.setenv("CUDA_PATH", str(tmp_path))
    assert tmp_path in toolkit.toolkits()

    tool = tmp_path / "bin" / "compute-sanitizer"
    tool.parent.mkdir()
    tool.touch(mode=0o755)
    monkeypatch.setattr(toolkit, "packages", lambda: [])
    assert toolkit.compute_sanitizer() == str(tool)


# --- the command -------------------------------------------------------------------------------------------


def test_the_command_prints_a_line_for_each_kernel(tmp_path, capsys):
    file = tmp_path / "twice.cu"
    file.write_text(TWICE)

    assert nvrtc.main([str(file), "--arch", "90", "80"]) == 0

    head, first, second = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert head == ["source", "kernel", "sm", "registers", "spilled", "shared", "bytes"]
    assert first[:3] == ["twice.cu", "twice", "80"]
    assert second[:3] == ["twice.cu", "twice", "90"]
    assert (second[4], second[5]) == ("0", "256")


def test_the_command_tells_what_is_wrong(tmp_path, capsys):
    file = tmp_path / "wrong.cu"
    file.write_text("wrong")

    assert nvrtc.main([str(file), "--arch", "90"]) == 1
    assert "wrong.cu:1: error" in capsys.readouterr().err
    assert nvrtc.main([str(tmp_path / "none.cu")]) == 1
    assert "none.cu" in capsys.readouterr().err
