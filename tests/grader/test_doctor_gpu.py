"""What ``roikit doctor`` says of GPUs, drivers and the tools for kernels."""

import shutil
import sys
import types

import pytest

from grader import doctor_gpu
from roikit.gpu import nvrtc, toolkit
from roikit.gpu.driver import Device, Driver, DriverError

H200 = Device("NVIDIA H200", (9, 0), 150_000_000_000)
VOLTA = Device("Tesla V100", (7, 0), 16 * 2**30)


@pytest.fixture
def said(monkeypatch):
    """Gives what is found, by name, on a machine with this driver (None: with nothing at all)."""

    def say(driver):
        def find():
            if driver is None:
                raise DriverError("NVIDIA's driver is not installed")
            return driver

        monkeypatch.setattr(doctor_gpu.driver, "find", find)
        return {found.name.strip(): found for found in doctor_gpu.findings()}

    return say


@pytest.fixture
def cupy_for(monkeypatch):
    """Gives a CuPy, made for that version of CUDA, that can be imported."""

    def pretend(cuda):
        runtime = types.SimpleNamespace(runtimeGetVersion=lambda: cuda * 1000)
        made = types.ModuleType("cupy")
        made.__version__, made.cuda = "14.2.0", types.SimpleNamespace(runtime=runtime)
        monkeypatch.setitem(sys.modules, "cupy", made)
        monkeypatch.setattr(doctor_gpu, "_is_installed", lambda name: True)

    return pretend


def test_a_machine_with_all_of_it(said, cupy_for, monkeypatch):
    cupy_for(cuda=13)
    opened = types.SimpleNamespace(version=(13, 5), archs=(75, 80, 121))
    monkeypatch.setattr(nvrtc, "library", lambda: opened)
    monkeypatch.setattr(toolkit, "compute_sanitizer", lambda: "/usr/local/cuda/bin/compute-sanitizer")

    found = said(Driver((13, 0), (H200,)))

    assert {name: finding.detail for name, finding in found.items() if name != "C++ compiler"} == {
        "GPU": "NVIDIA H200, compute capability 9.0, 140 GiB",
        "driver": "NVIDIA's, for CUDA up to 13.0",
        "CuPy": "14.2.0, for CUDA 13",
        "NVRTC": "13.5, compiles for sm_75 to sm_121",
        "sanitizer": "/usr/local/cuda/bin/compute-sanitizer",
    }
    assert all(finding.is_ok for finding in found.values())


def test_a_machine_with_none_of_it_has_a_remedy_for_each(said, monkeypatch):
    monkeypatch.setattr(doctor_gpu, "_is_installed", lambda name: False)
    monkeypatch.setattr(toolkit, "packages", lambda: [])
    monkeypatch.setattr(toolkit, "toolkits", lambda: [])
    monkeypatch.setattr(nvrtc.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(nvrtc, "library", lambda: nvrtc.find())
    monkeypatch.setattr(shutil, "which", lambda name, path=None: None)

    found = said(None)

    assert "or name yours in ROIKIT_CXX" in found.pop("C++ compiler").remedy
    assert {name: (finding.is_ok, finding.remedy) for name, finding in found.items()} == {
        "GPU": (False, "with an NVIDIA GPU: install its driver, >= 580"),
        "CuPy": (False, "pip install 'roikit[gpu]'"),
        "NVRTC": (False, "pip install nvidia-cuda-nvrtc"),
        "sanitizer": (False, "pip install nvidia-cuda-sanitizer-api"),
    }


@pytest.mark.parametrize(
    ("cuda", "device", "extra"),
    [
        ((13, 0), H200, "gpu13"),
        ((12, 8), H200, "gpu12"),
        ((13, 0), VOLTA, "gpu12"),  # CUDA 13 has left Volta behind
    ],
)
def test_the_extra_that_driver_and_gpu_can_run(said, monkeypatch, cuda, device, extra):
    monkeypatch.setattr(doctor_gpu, "_is_installed", lambda name: False)

    assert said(Driver(cuda, (device,)))["CuPy"].remedy == f"pip install 'roikit[{extra}]'"


def test_a_cupy_that_is_too_new_for_the_driver(said, cupy_for):
    cupy_for(cuda=13)

    found = said(Driver((12, 4), (H200,)))["CuPy"]

    assert not found.is_ok
    assert found.detail == "14.2.0, for CUDA 13: too new for this driver or GPU"
    assert found.remedy == "pip uninstall cupy-cuda13x; pip install 'roikit[gpu12]'"


def test_a_cupy_that_cannot_be_imported(said, monkeypatch):
    monkeypatch.setattr(doctor_gpu, "_is_installed", lambda name: True)
    monkeypatch.setitem(sys.modules, "cupy", None)

    found = said(None)["CuPy"]

    assert not found.is_ok
    assert found.detail.startswith("is not importable: ModuleNotFoundError")


def test_a_driver_that_is_too_old(said):
    found = said(Driver((11, 8), (H200,)))["driver"]

    assert found.detail == "NVIDIA's, for CUDA up to 11.8: too old"
    assert found.remedy == "install one >= 525 for CUDA 12 or one >= 580 for CUDA 13"


def test_a_driver_without_a_device(said):
    found = said(Driver((13, 0), ()))

    assert found["driver"].is_ok
    assert not found["GPU"].is_ok
    assert "CUDA_VISIBLE_DEVICES" in found["GPU"].remedy


def test_every_device_is_named(monkeypatch):
    monkeypatch.setattr(doctor_gpu.driver, "find", lambda: Driver((13, 0), (H200, VOLTA)))

    devices = [found.detail for found in doctor_gpu.findings() if found.name == "GPU"]

    assert devices == [
        "NVIDIA H200, compute capability 9.0, 140 GiB",
        "Tesla V100, compute capability 7.0, 16 GiB",
    ]
