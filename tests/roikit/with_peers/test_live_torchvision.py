"""torchvision's kernels on a CPU beside the presets with its name, values and gradients by the maps."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torchvision needs torch, which is not installed here")
peer = pytest.importorskip("torchvision.ops", reason="torchvision is not installed here")

from family import gradient  # noqa: E402
from random_calls import FLOAT32, FLOAT64, SCALES, boxes, drawn, lengths, maps  # noqa: E402
from torchvision.models.detection.roi_heads import paste_masks_in_image  # noqa: E402

import roikit  # noqa: E402
from roikit import PRESETS  # noqa: E402

NEAR = {"float32": FLOAT32, "float64": FLOAT64}
#: Operation, preset, and what both are called with; then what torchvision alone takes.
CASES = [
    ("roi_align", "torchvision", {"output_size": (3, 4), "sampling_ratio": 2}, {"aligned": False}),
    ("roi_align", "torchvision", {"output_size": (3, 4), "sampling_ratio": -1}, {"aligned": False}),
    ("roi_align", "torchvision_aligned", {"output_size": (3, 4), "sampling_ratio": 2}, {"aligned": True}),
    ("roi_align", "torchvision_aligned", {"output_size": (3, 4), "sampling_ratio": -1}, {"aligned": True}),
    ("ps_roi_align", "torchvision", {"output_size": (2, 3), "sampling_ratio": 2}, {}),
    ("ps_roi_align", "torchvision", {"output_size": 2, "sampling_ratio": -1}, {}),
    ("roi_pool", "torchvision", {"output_size": (3, 4)}, {}),
    ("roi_pool", "torchvision_float32", {"output_size": (5, 7)}, {}),
    ("roi_pool", "torchvision_float64", {"output_size": (5, 7)}, {}),
]


def tensor(array):
    return torch.from_numpy(array)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "preset", "call", "alone"), CASES)
def test_values_and_gradients(name, preset, call, alone, dtype, scale):
    features = tensor(maps(dtype)).requires_grad_()
    theirs = getattr(peer, name)(
        features, tensor(boxes(scale).astype(dtype)), **call, **alone, spatial_scale=scale
    )
    given = {"features": maps(dtype), "rois": boxes(scale), "spatial_scale": scale} | call
    given |= PRESETS[name][preset]
    ours = getattr(roikit, name)(**given)
    np.testing.assert_allclose(ours, theirs.detach(), **({"rtol": 0} if name == "roi_pool" else NEAR[dtype]))
    grad = drawn(*ours.shape, dtype=dtype)
    (by_map,) = torch.autograd.grad(theirs, features, tensor(grad))
    np.testing.assert_allclose(gradient(name, "backward", given, grad), by_map, **NEAR[dtype])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("bins", [7, 11, 13])
def test_roi_pool_cuts_bins_in_the_maps_dtype(bins, dtype):
    """Its presets follow; "torchvision" itself has exact bins, which are now and then a cell shorter."""
    column, rois = lengths(dtype)
    theirs = peer.roi_pool(tensor(column), tensor(rois.astype(dtype)), (bins, 1)).numpy()
    same = roikit.roi_pool(column, rois, (bins, 1), **PRESETS["roi_pool"][f"torchvision_{dtype}"])
    assert np.array_equal(same, theirs)
    exact = roikit.roi_pool(column, rois, (bins, 1), **PRESETS["roi_pool"]["torchvision"])
    assert set((theirs - exact).ravel()) == {0, 1}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_ps_roi_pool_leaves_out_the_last_row_and_column(dtype, scale):
    """Of the map, but not of its gradient."""
    features, how = tensor(maps(dtype)).requires_grad_(), PRESETS["ps_roi_pool"]["torchvision"]
    theirs = peer.ps_roi_pool(features, tensor(boxes(scale).astype(dtype)), 2, scale)
    ours = roikit.ps_roi_pool(maps(dtype), boxes(scale), 2, scale, **how)
    assert np.abs(ours - theirs.detach().numpy()).max() > 0.1
    without = roikit.ps_roi_pool(maps(dtype)[:, :, :-1, :-1], boxes(scale), 2, scale, **how)
    np.testing.assert_allclose(without, theirs.detach(), **NEAR[dtype])
    grad = drawn(*ours.shape, dtype=dtype)
    (by_map,) = torch.autograd.grad(theirs, features, tensor(grad))
    whole = roikit.ps_roi_pool_backward(grad, boxes(scale), features.shape, scale, **how)
    np.testing.assert_allclose(whole, by_map, **NEAR[dtype])


def test_ps_roi_align_divides_by_no_samples():
    empty = np.array([[0, 2.0, 2, 2, 2]])
    assert torch.isnan(peer.ps_roi_align(tensor(maps("float64")), tensor(empty), 2)).all()
    assert not roikit.ps_roi_align(maps("float64"), empty, 2, **PRESETS["ps_roi_align"]["torchvision"]).any()


def test_roi_align_pyramid():
    """Boxes of all sizes, and the squares at which the level changes."""
    rng = np.random.default_rng(4)
    levels = {f"p{k}": drawn(1, 2, 512 >> k, 640 >> k, dtype="float64") for k in (2, 3, 4, 5)}
    sides = np.exp(rng.uniform(1, 6.5, (60, 2)))
    sides[:9] = 224 * 2.0 ** np.arange(-4, 5)[:, None]
    starts = rng.uniform(-20, 500, (60, 2))
    rois = np.column_stack([np.zeros(60), starts, starts + sides])
    features = {name: tensor(level).requires_grad_() for name, level in levels.items()}
    theirs = peer.MultiScaleRoIAlign([*levels], (3, 4), 2)(features, [tensor(rois[:, 1:])], [(512, 640)])
    given = {"features": [*levels.values()], "rois": rois, "output_size": (3, 4), "sampling_ratio": 2}
    given |= {"spatial_scales": [1 / 4, 1 / 8, 1 / 16, 1 / 32]} | PRESETS["roi_align_pyramid"]["torchvision"]
    ours = roikit.roi_align_pyramid(**given)
    np.testing.assert_allclose(ours, theirs.detach(), **FLOAT64)
    grad = drawn(*ours.shape, dtype="float64")
    by_maps = torch.autograd.grad(theirs, [*features.values()], tensor(grad))
    for mine, other in zip(gradient("roi_align_pyramid", "backward", given, grad), by_maps, strict=True):
        np.testing.assert_allclose(mine, other, **FLOAT64)


def test_paste_masks():
    rng = np.random.default_rng(5)
    starts = rng.uniform(-5, 60, (30, 2))
    corners = np.column_stack([starts, starts + rng.uniform(6, 50, (30, 2))])
    masks = tensor(rng.random((30, 1, 28, 28))).requires_grad_()
    theirs = paste_masks_in_image(masks, tensor(corners), (64, 80))[:, 0]
    given = {"masks": masks.detach().numpy()[:, 0], "boxes": corners, "image_size": (64, 80)}
    given |= PRESETS["paste_masks"]["torchvision"]
    ours = roikit.paste_masks(**given)
    np.testing.assert_allclose(ours, theirs.detach(), **FLOAT64)
    grad = drawn(*ours.shape, dtype="float64")
    (by_masks,) = torch.autograd.grad(theirs, masks, tensor(grad))
    np.testing.assert_allclose(gradient("paste_masks", "backward", given, grad), by_masks[:, 0], **FLOAT64)


def test_paste_masks_off_the_image():
    """To the left of it or above: an error there, an empty image here."""
    mask, off = np.ones((1, 28, 28)), np.array([[-20.0, 2, -10, 9]])
    with pytest.raises(RuntimeError, match="must match"):
        paste_masks_in_image(tensor(mask[:, None]), tensor(off), (64, 80))
    assert not roikit.paste_masks(mask, off, (64, 80), **PRESETS["paste_masks"]["torchvision"]).any()
