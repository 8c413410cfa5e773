"""What is read off NVIDIA's driver, from one that is made up."""

import pytest

from roikit.gpu import driver

DEVICES = [("NVIDIA H200", (9, 0), 141 * 2**30), ("Tesla T4", (7, 5), 15 * 2**30)]


class FakeDriver:
    """The functions of libcuda that are called; as in C, each writes behind a pointer and gives a code."""

    def __init__(self, version=13000, devices=DEVICES, init=0, attribute=0):
        self.version, self.devices, self.init, self.attribute = version, devices, init, attribute

    def cuInit(self, flags):
        return self.init

    def cuDriverGetVersion(self, version):
        version._obj.value = self.version
        return 0

    def cuDeviceGetCount(self, count):
        count._obj.value = len(self.devices)
        return 0

    def cuDeviceGet(self, handle, number):
        handle._obj.value = number
        return 0

    def cuDeviceGetName(self, name, size, handle):
        name.value = self.devices[handle][0].encode()
        return 0

    def cuDeviceTotalMem_v2(self, memory, handle):
        memory._obj.value = self.devices[handle][2]
        return 0

    def cuDeviceGetAttribute(self, value, attribute, handle):
        value._obj.value = self.devices[handle][1][{75: 0, 76: 1}[attribute]]
        return self.attribute


@pytest.fixture
def install(monkeypatch):
    return lambda library: monkeypatch.setattr(driver.ctypes, "CDLL", lambda name: library)


def test_version_and_devices(install):
    install(FakeDriver(version=12080))

    found = driver.find()

    assert found.cuda == (12, 8)
    assert [(device.name, device.capability, device.memory) for device in found.devices] == DEVICES


def test_a_driver_without_devices(install):
    install(FakeDriver(init=100))  # CUDA_ERROR_NO_DEVICE

    assert driver.find() == driver.Driver((13, 0), ())


def test_no_driver(monkeypatch):
    def missing(name):
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(driver.ctypes, "CDLL", missing)
    with pytest.raises(driver.DriverError, match="driver is not installed"):
        driver.find()


def test_a_driver_that_does_not_work(install):
    install(FakeDriver(init=803))
    with pytest.raises(driver.DriverError, match="does not start: cuInit says 803"):
        driver.find()

    install(FakeDriver(attribute=999))
    with pytest.raises(driver.DriverError, match="says 999"):
        driver.find()


def test_what_is_missing_is_told_in_a_sentence(install, monkeypatch):
    installed = {"cupy"}
    monkeypatch.setattr(driver.importlib.util, "find_spec", lambda name: name in installed or None)

    install(FakeDriver())
    assert driver.missing() == ""

    installed.clear()
    assert driver.missing() == "CuPy is not installed: pip install 'roikit[gpu13]'"

    install(FakeDriver(devices=[]))
    assert driver.missing() == "NVIDIA's driver finds no CUDA device"

    install(FakeDriver(init=999))
    assert driver.missing().endswith("a CUDA device is needed")
