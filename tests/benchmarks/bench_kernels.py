"""Kernels against ONNX Runtime: interleaved rounds in one process, one thread each, medians, as ratios.

    make bench        (or: python tests/benchmarks/bench_kernels.py [--rounds N])

The outputs are compared before anything is timed.
"""

import argparse
import statistics
import time

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

import roikit


def session(op, inputs, **attributes):
    """An ONNX Runtime session of one node, on one thread."""
    node = helper.make_node(op, [name for name, *_ in inputs], ["out"], **attributes)
    values = [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in inputs]
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], op, values, [out])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 16)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    text = model.SerializeToString()
    return onnxruntime.InferenceSession(text, options, providers=["CPUExecutionProvider"])


def boxes(rng, K, height, width, smallest, largest):
    """K boxes of an image, their sides log-uniform between smallest and largest pixels."""
    sides = np.exp(rng.uniform(np.log(smallest), np.log(largest), (K, 2)))
    corner = rng.uniform(0, 1, (K, 2)) * np.maximum([width, height] - sides, 1)
    return np.hstack([np.zeros((K, 1)), corner, corner + sides]).astype(np.float32)


def align_case(C, H, W, K, size, ratio, scale, aligned):
    rng = np.random.default_rng(0)
    features = rng.standard_normal((1, C, H, W)).astype(np.float32)
    rois = boxes(rng, K, H / scale, W / scale, 16, 400)
    peer = session(
        "RoiAlign",
        [
            ("x", TensorProto.FLOAT, features.shape),
            ("rois", TensorProto.FLOAT, (K, 4)),
            ("index", TensorProto.INT64, (K,)),
        ],
        output_height=size, output_width=size, sampling_ratio=ratio, spatial_scale=scale,
        coordinate_transformation_mode="half_pixel" if aligned else "output_half_pixel",
    )
    feed = {"x": features, "rois": rois[:, 1:], "index": np.zeros(K, np.int64)}
    return (
        lambda: roikit.roi_align(features, rois, size, scale, ratio or -1, aligned),
        lambda: peer.run(None, feed)[0],
    )


def pool_case(C, H, W, K, size, scale):
    rng = np.random.default_rng(0)
    features = rng.standard_normal((1, C, H, W)).astype(np.float32)
    rois = boxes(rng, K, H / scale, W / scale, 16, 400)
    peer = session(
        "MaxRoiPool",
        [("x", TensorProto.FLOAT, features.shape), ("rois", TensorProto.FLOAT, rois.shape)],
        pooled_shape=[size, size], spatial_scale=scale,
    )
    feed = {"x": features, "rois": rois}
    return lambda: roikit.roi_pool(features, rois, size, scale), lambda: peer.run(None, feed)[0]


CASES = {
    "RoIAlign 256×200×336, 512 RoIs, 7×7, ratio 2": lambda: align_case(256, 200, 336, 512, 7, 2, 0.25, True),
    "RoIAlign 1024×50×84, 300 RoIs, 14×14, adaptive": lambda: align_case(
        1024, 50, 84, 300, 14, 0, 1 / 16, False
    ),
    "RoIAlign 8×8, 1 RoI, 2×2, ratio 2": lambda: align_case(1, 8, 8, 1, 2, 2, 1.0, True),
    "RoI pooling 512×37×62, 300 RoIs, 7×7": lambda: pool_case(512, 37, 62, 300, 7, 1 / 16),
    "RoI pooling 8×8, 1 RoI, 2×2": lambda: pool_case(1, 8, 8, 1, 2, 1.0),
}


def time_pair(ours, peer, rounds):
    """Medians of both, taken in turns; short calls are repeated so that a sample lasts some milliseconds."""
    repeat = 1
    start = time.perf_counter()
    peer()
    while (time.perf_counter() - start) * repeat < 2e-3:
        repeat *= 4
    samples = {ours: [], peer: []}
    for _ in range(rounds):
        for function in (ours, peer):
            start = time.process_time()
            for _ in range(repeat):
                function()
            samples[function].append((time.process_time() - start) / repeat)
    return statistics.median(samples[ours]), statistics.median(samples[peer])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(f"roikit {roikit.__version__} against ONNX Runtime {onnxruntime.__version__}, one thread, CPU time")
    print(f"{'case':50} {'ours':>10} {'theirs':>10} {'theirs / ours':>14}")
    for name, make in CASES.items():
        ours, peer = make()
        np.testing.assert_allclose(ours(), peer(), rtol=1e-4, atol=2e-4)
        mine, theirs = time_pair(ours, peer, rounds)
        print(f"{name:50} {mine * 1e3:8.3f}ms {theirs * 1e3:8.3f}ms {theirs / mine:13.2f}×")


if __name__ == "__main__":
    main()
