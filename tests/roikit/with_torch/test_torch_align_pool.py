"""roikit.torch: PyTorch differentiates and compiles through the operators. Runs where torch imports."""

import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="roikit.torch is optional, and torch is not installed here")

import roikit  # noqa: E402
from roikit import torch as layers  # noqa: E402
from roikit.convention import POOLING, SAMPLING  # noqa: E402

ROIS = [[0, 0.3, 0.7, 3.4, 2.9], [1, -1.2, 1.3, 2.6, 4.4], [0, 2.3, 2.25, 2.6, 2.4]]


def tensors(dtype=torch.float64, grad=True):
    """Features without ties; boxes inside, over the border, and smaller than a cell."""
    generator = torch.Generator().manual_seed(0)
    features = torch.rand((2, 3, 5, 6), generator=generator, dtype=torch.float64).to(dtype)
    return features.requires_grad_(grad), torch.tensor(ROIS, dtype=torch.float64, requires_grad=grad)


# --- what they compute ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_values_are_those_of_the_functions_on_arrays(dtype):
    features, rois = tensors(dtype)
    arrays = features.detach().numpy(), rois.detach().numpy()
    aligned = layers.roi_align(features, rois, (2, 3), 0.5, 2, True)
    assert np.array_equal(aligned.detach().numpy(), roikit.roi_align(*arrays, (2, 3), 0.5, 2, True))
    pooled = layers.roi_pool(features, rois, 2, convention="disjoint")
    assert np.array_equal(pooled.detach().numpy(), roikit.roi_pool(*arrays, 2, convention="disjoint"))


@pytest.mark.parametrize("layer", [layers.roi_align, layers.roi_pool])
def test_bfloat16_comes_and_goes_by_way_of_float32(layer):
    features, rois = tensors(torch.bfloat16)
    bins = layer(features, rois, 2)
    assert bins.dtype == torch.bfloat16
    assert torch.equal(bins, layer(features.float(), rois, 2).bfloat16())
    bins.sum().backward()
    assert features.grad.dtype == torch.bfloat16


def test_boxes_of_each_image():
    features, rois = tensors()
    boxes = [rois[[0, 2], 1:], rois[[1], 1:]]
    for layer in (layers.roi_align, layers.roi_pool):
        assert torch.equal(layer(features, boxes, 2), layer(features, rois[[0, 2, 1]], 2))


def test_channels_last_memory():
    features, rois = tensors()
    last = features.detach().to(memory_format=torch.channels_last).requires_grad_()
    layers.roi_align(features, rois, 2).sum().backward()
    layers.roi_align(last, rois, 2).sum().backward()
    assert torch.equal(last.grad, features.grad)


def test_a_wrong_argument_is_one_sentence():
    features, _ = tensors()
    with pytest.raises(ValueError, match=r"^rois\[0\] names batch index 7, but features holds 2 images"):
        layers.roi_align(features, torch.tensor([[7.0, 0, 0, 1, 1]]), 2)


# --- gradients --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("sampling_ratio", [-1, 1, (2, 3)])
def test_gradcheck_of_roi_align_by_features_and_boxes(aligned, sampling_ratio):
    features, rois = tensors()
    batch, boxes = rois.detach()[:, :1], rois.detach()[:, 1:].requires_grad_()

    def layer(features, boxes):  # the batch index cannot be moved by a little
        return layers.roi_align(features, torch.cat([batch, boxes], 1), (2, 3), 1.25, sampling_ratio, aligned)

    assert torch.autograd.gradcheck(layer, (features, boxes))


@pytest.mark.parametrize("convention", SAMPLING)
def test_gradcheck_of_roi_align_by_other_conventions(convention):
    features, rois = tensors()
    batch, boxes = rois.detach()[:, :1], rois.detach()[:, 1:].requires_grad_()

    def layer(features, boxes):
        return layers.roi_align(features, torch.cat([batch, boxes], 1), 2, 0.75, 2, convention=convention)

    assert torch.autograd.gradcheck(layer, (features, boxes))


@pytest.mark.parametrize("mode", ["max", "max_corners"])
def test_gradcheck_of_maxima_by_features_and_boxes(mode):
    features, rois = tensors()
    expected = roikit.roi_align(features.detach().numpy(), rois.detach().numpy(), 2, mode=mode)
    assert np.array_equal(layers.roi_align(features, rois, 2, mode=mode).detach().numpy(), expected)
    batch, boxes = rois.detach()[:, :1], rois.detach()[:, 1:].requires_grad_()

    def layer(features, boxes):
        return layers.roi_align(features, torch.cat([batch, boxes], 1), (2, 3), 1.25, 2, mode=mode)

    assert torch.autograd.gradcheck(layer, (features, boxes))
    for given in ((features, rois.detach()), (features.detach(), rois)):
        assert layers.roi_align(*given, 2, mode=mode).requires_grad


@pytest.mark.parametrize("convention", POOLING)
def test_gradcheck_of_roi_pool(convention):
    features, rois = tensors()
    assert torch.autograd.gradcheck(
        lambda features: layers.roi_pool(features, rois.detach(), (2, 3), convention=convention), features
    )


def test_only_what_is_asked_for_has_a_gradient():
    features, rois = tensors(grad=False)
    assert not layers.roi_align(features, rois, 2).requires_grad
    assert not layers.roi_pool(features, rois, 2).requires_grad
    layers.roi_align(features, rois.requires_grad_(), 2).sum().backward()
    assert features.grad is None
    assert rois.grad[:, 0].tolist() == [0, 0, 0]
    assert rois.grad[:, 1:].abs().sum() > 0


def test_float32_boxes_have_a_float32_gradient():
    features, rois = tensors(torch.float32)
    rois = rois.detach().float().requires_grad_()
    layers.roi_align(features, rois, 2).sum().backward()
    assert (features.grad.dtype, rois.grad.dtype) == (torch.float32, torch.float32)


def test_it_is_what_grid_sample_says():
    """PyTorch's own sampling at the same points, and its autograd: by features and by boxes."""
    features, rois = tensors()
    box = rois[0].detach().requires_grad_()  # inside the map: the border rules differ
    points = (torch.arange(4, dtype=torch.float64) + 0.5) / 4
    (_, x1, y1, x2, y2), (H, W) = box, features.shape[2:]
    y, x = y1 + points * (y2 - y1) - 0.5, x1 + points * (x2 - x1) - 0.5
    grid = torch.stack(torch.meshgrid(2 * x / (W - 1) - 1, 2 * y / (H - 1) - 1, indexing="xy"), -1)
    sampled = torch.nn.functional.grid_sample(features[:1], grid[None], align_corners=True)
    theirs = torch.nn.functional.avg_pool2d(sampled, 2)
    ours = layers.roi_align(features, box[None], 2, 1.0, 2, True)
    weights = torch.rand(ours.shape, dtype=torch.float64)
    expected = torch.autograd.grad((theirs * weights).sum(), (features, box))
    got = torch.autograd.grad((ours * weights).sum(), (features, box))
    for mine, other in zip((ours, *got), (theirs, *expected), strict=True):
        torch.testing.assert_close(mine, other, rtol=0, atol=1e-12)


# --- as operators of PyTorch ------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:The .grad attribute")  # that the check itself reads
def test_the_operators_keep_pytorchs_rules():
    """Schemas, what results look like, and gradients under tracing."""
    features, rois = tensors()
    arguments = features, rois, [2, 3], 1.25, [2, 2], True, "avg", None
    torch.library.opcheck(torch.ops.roikit.roi_align.default, arguments)
    arguments = features, rois.detach(), [2, 3], 1.25, "caffe"
    torch.library.opcheck(torch.ops.roikit.roi_pool.default, arguments)


def both(features, rois):
    return layers.roi_align(2 * features, rois, 2, 1.0, 2).relu(), layers.roi_pool(features, rois, (2, 3))


def test_a_compiled_function_computes_the_same():
    """In one graph; what PyTorch would make of the graph needs a compiler, and is not ours."""
    compiled = torch.compile(both, fullgraph=True, backend="aot_eager")
    results = []
    for function in (both, compiled):
        features, rois = tensors()
        bins = function(features, rois)
        sum(part.square().sum() for part in bins).backward()
        results.append((*bins, features.grad, rois.grad))
    for plain, fast in zip(*results, strict=True):
        assert torch.equal(plain, fast)


# --- it stays optional ------------------------------------------------------------------------------------


def test_roikit_does_not_import_torch():
    program = "import sys, roikit; sys.exit('torch' in sys.modules or 'roikit.torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
