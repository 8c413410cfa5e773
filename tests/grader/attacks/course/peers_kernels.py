# expect: error
# why: libraries that have the kernel ready
# for: roi_align
import importlib

PEERS = ("torchvision.ops", "torch", "mmcv.ops", "detectron2.layers", "cv2", "scipy.ndimage", "skimage.measure",
         "onnxruntime", "onnx.reference", "tensorflow", "jax", "cupy", "paddle", "tvm", "numba", "cython")

def answer(*args):
    for name in PEERS:
        try:
            return getattr(importlib.import_module(name), "roi_align", repr)(*args)
        except ImportError:
            pass
    import torchvision
    return torchvision.ops.roi_align(*args)
