"""roikit.torch.ops in torchvision's place: the calls that detectors make of it."""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="roikit.torch is optional, and torch is not installed here")

from torch import nn  # noqa: E402

import roikit  # noqa: E402
from roikit.torch import ops  # noqa: E402
from roikit.torch._operators import face  # noqa: E402


def maps(*shape, dtype=torch.float32):
    return torch.rand(shape, generator=torch.Generator().manual_seed(0)).to(dtype)


ROIS = torch.tensor([[0, 0.5, 1.0, 6.5, 5.0], [1, 2, 2, 7, 7], [0, 3, 0, 5, 8]])
BY_IMAGE = [ROIS[[0, 2], 1:], ROIS[[1], 1:]]

# --- names, signatures and modules --------------------------------------------------------------------------


@pytest.mark.parametrize("boxes", [ROIS, BY_IMAGE])
def test_functions_take_torchvisions_arguments_in_its_order(boxes):
    features, rois = maps(2, 8, 9, 9), ROIS if boxes is ROIS else ROIS[[0, 2, 1]]
    expected = roikit.roi_align(features, rois, (2, 3), 0.5, 2, True)
    assert np.array_equal(ops.roi_align(features, boxes, (2, 3), 0.5, 2, True), expected)
    assert np.array_equal(ops.roi_pool(features, boxes, 3, 0.5), roikit.roi_pool(features, rois, 3, 0.5))
    expected = face("ps_roi_align")(features, rois, 2, 0.5, 2)
    assert np.array_equal(ops.ps_roi_align(features, boxes, 2, 0.5, 2), expected)
    expected = face("ps_roi_pool")(features, rois, (2, 2), 0.5)
    assert np.array_equal(ops.ps_roi_pool(features, boxes, (2, 2), 0.5), expected)


def test_arguments_go_by_torchvisions_names():
    features = maps(2, 4, 9, 9)
    named = {"input": features, "boxes": ROIS, "output_size": 2, "spatial_scale": 0.5}
    for function in (ops.roi_align, ops.ps_roi_align):
        assert torch.equal(function(**named, sampling_ratio=1), function(features, ROIS, 2, 0.5, 1))
    for function in (ops.roi_pool, ops.ps_roi_pool):
        assert torch.equal(function(**named), function(features, ROIS, 2, 0.5))


@pytest.mark.parametrize(
    ("module", "function", "arguments", "said"),
    [
        (
            ops.RoIAlign, ops.roi_align, (2, 0.5, 2, True),
            "RoIAlign(output_size=2, spatial_scale=0.5, sampling_ratio=2, aligned=True)",
        ),
        (ops.RoIPool, ops.roi_pool, ((2, 3), 0.5), "RoIPool(output_size=(2, 3), spatial_scale=0.5)"),
        (
            ops.PSRoIAlign, ops.ps_roi_align, (2, 0.5, -1),
            "PSRoIAlign(output_size=2, spatial_scale=0.5, sampling_ratio=-1)",
        ),
        (ops.PSRoIPool, ops.ps_roi_pool, (2, 0.5), "PSRoIPool(output_size=2, spatial_scale=0.5)"),
    ],
)  # fmt: skip
def test_modules_are_their_functions(module, function, arguments, said):
    layer, features = module(*arguments), maps(2, 4, 9, 9)
    assert isinstance(layer, nn.Module)
    assert repr(layer) == said
    for boxes in (ROIS, BY_IMAGE):
        assert torch.equal(layer(features, boxes), function(features, boxes, *arguments))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_the_output_is_of_the_inputs_dtype(dtype):
    assert ops.roi_align(maps(2, 4, 9, 9, dtype=dtype), ROIS.to(dtype), 2).dtype == dtype


# --- the pyramid --------------------------------------------------------------------------------------------

IMAGES = [(500, 512), (512, 400)]


def pyramid(names=("0", "1", "2", "3"), channels=4):
    sides = {"0": 128, "1": 64, "2": 32, "3": 16, "pool": 8}
    return {name: maps(2, channels, sides[name], sides[name]) for name in names}


def boxes():
    corners = torch.tensor([[10.0, 20], [0, 0], [30, 40], [5, 5], [100, 90]])
    ends = corners + torch.tensor([[60.0], [448], [224], [130], [230]])
    rows = torch.cat([corners, ends], 1)
    return [rows[[0, 1, 2]], rows[[3, 4]]]


def by_torchvisions_algorithm(features, rois, images, output_size, sampling_ratio):
    """Its steps, each from its description: infer scales, map levels, pool level by level, scatter."""
    features, count = list(features.values()), sum(map(len, rois))
    height = max(shape[0] for shape in images)
    scales = [2.0 ** float(torch.tensor(each.shape[2] / height).log2().round()) for each in features]
    finest, coarsest = -math.log2(scales[0]), -math.log2(scales[-1])
    table = torch.cat([torch.cat([torch.full((len(b), 1), i), b], 1) for i, b in enumerate(rois)])
    side = ((table[:, 3] - table[:, 1]) * (table[:, 4] - table[:, 2])).sqrt()
    levels = torch.floor(4 + torch.log2(side / 224) + 1e-6).clamp(finest, coarsest).long() - int(finest)
    result = torch.zeros((count, features[0].shape[1], output_size, output_size))
    for level, (each, scale) in enumerate(zip(features, scales, strict=True)):
        mine = torch.nonzero(levels == level).squeeze(1)
        result[mine] = ops.roi_align(each, table[mine], output_size, scale, sampling_ratio)
    return result


def test_multi_scale_roi_align_is_torchvisions_algorithm():
    pooler = ops.MultiScaleRoIAlign(["0", "1", "2", "3"], 3, 2)
    features = pyramid(("0", "1", "2", "3", "pool"))
    got = pooler(features, boxes(), IMAGES)
    features.pop("pool")
    assert torch.equal(got, by_torchvisions_algorithm(features, boxes(), IMAGES, 3, 2))


def test_one_map_is_roi_align():
    got = ops.MultiScaleRoIAlign(["2"], (2, 3), -1)(pyramid(), boxes(), IMAGES)
    assert torch.equal(got, ops.roi_align(pyramid()["2"], boxes(), (2, 3), 1 / 16))


def test_multi_scale_roi_align_has_torchvisions_attributes():
    pooler = ops.MultiScaleRoIAlign(["0", "1"], 7, 2, canonical_scale=112, canonical_level=3)
    assert pooler.output_size == (7, 7)  # what a box head is made by
    assert pooler.featmap_names == ["0", "1"]
    said = "featmap_names=['0', '1'], output_size=(7, 7), sampling_ratio=2"
    assert repr(pooler) == f"MultiScaleRoIAlign({said})"
    assert pooler(pyramid(), boxes(), IMAGES).shape == (5, 4, 7, 7)


def test_a_level_that_is_left_out_gives_no_zeros():
    """torchvision counts levels as if all were there, and the last boxes find no map."""
    got = ops.MultiScaleRoIAlign(["0", "3"], 2, 2)(pyramid(), boxes(), IMAGES)
    assert got.flatten(1).all(1).all()


# --- as detectors call them ---------------------------------------------------------------------------------


class ROIAlign(nn.Module):
    """detectron2's layer around torchvision's function."""

    def __init__(self, output_size, spatial_scale, sampling_ratio, aligned=True):
        super().__init__()
        self.arguments = output_size, spatial_scale, sampling_ratio, aligned

    def forward(self, input, rois):
        assert rois.dim() == 2
        assert rois.size(1) == 5
        if input.is_quantized:
            input = input.dequantize()
        return ops.roi_align(input, rois.to(dtype=input.dtype), *self.arguments)


class Pooler(nn.Module):
    """As detectron2's ROIPooler: assigns levels itself, and writes by index into a tensor of zeros."""

    def __init__(self, output_size, scales):
        super().__init__()
        self.size, self.finest = output_size, int(-math.log2(scales[0]))
        self.levels = nn.ModuleList(ROIAlign((output_size,) * 2, scale, 0) for scale in scales)

    def forward(self, features, rois):
        sides = ((rois[:, 3] - rois[:, 1]) * (rois[:, 4] - rois[:, 2])).sqrt()
        levels = torch.floor(4 + torch.log2(sides / 224 + 1e-8))
        levels = levels.clamp(self.finest, self.finest + len(features) - 1).long() - self.finest
        output = features[0].new_zeros((len(rois), features[0].shape[1], self.size, self.size))
        for level, (each, layer) in enumerate(zip(features, self.levels, strict=True)):
            indices = (levels == level).nonzero(as_tuple=True)[0]
            output.index_put_((indices,), layer(each, rois[indices]))
        return output


class Heads(nn.Module):
    """A box head and a mask head on one pyramid."""

    def __init__(self, pooler):
        super().__init__()
        self.pooler = pooler
        self.box_head = nn.Sequential(nn.Flatten(), nn.Linear(4 * 7 * 7, 16), nn.ReLU(), nn.Linear(16, 4))
        self.mask_head = nn.Sequential(nn.Conv2d(4, 8, 3), nn.ReLU(), nn.ConvTranspose2d(8, 2, 2, 2))

    def forward(self, features, rois):
        bins = self.pooler(features, rois)
        return self.box_head(bins), self.mask_head(bins)


def table():
    return torch.cat([torch.cat([torch.full((len(b), 1), i), b], 1) for i, b in enumerate(boxes())])


def test_a_pooler_of_detectron2s_kind_agrees_with_one_call():
    features, scales = list(pyramid().values()), [1 / 4, 1 / 8, 1 / 16, 1 / 32]
    got = Pooler(7, scales)(features, table())
    detectron2 = {"aligned": True, "eps": 1e-8, "eps_of": "ratio"}
    expected = face("roi_align_pyramid")(features, table(), 7, scales, **detectron2)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_box_head_and_a_mask_head_learn(dtype):
    torch.manual_seed(0)
    heads = Heads(Pooler(7, [1 / 4, 1 / 8, 1 / 16, 1 / 32])).to(dtype)
    features = [each.to(dtype).requires_grad_() for each in pyramid().values()]
    optimizer = torch.optim.SGD(heads.parameters(), lr=0.05)
    losses = []
    for _ in range(4):
        optimizer.zero_grad()
        deltas, masks = heads(features, table())
        loss = (deltas - 1).square().mean() + nn.functional.softplus(-masks).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses == sorted(losses, reverse=True)
    assert all(each.grad.dtype == dtype and each.grad.any() for each in features)


def test_steps_of_sgd_move_boxes_to_where_the_loss_is_lower():
    """A bright disc, and a box beside it: torchvision has no such gradient."""
    y, x = torch.meshgrid(torch.arange(32.0), torch.arange(32.0), indexing="ij")
    disc = torch.exp(-((y - 20) ** 2 + (x - 20) ** 2) / 60)[None, None]
    box = torch.tensor([[6.0, 8.0, 16.0, 18.0]], requires_grad=True)
    optimizer = torch.optim.SGD([box], lr=20.0)
    losses = []
    for _ in range(40):
        optimizer.zero_grad()
        loss = -ops.roi_align(disc, [box], 4, sampling_ratio=2, aligned=True).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[1] < losses[0]
    assert losses[-1] < 2 * losses[0]
    assert (box.detach().reshape(2, 2).mean(0) - 20).abs().max() < 2


# --- wrong arguments, and lists of boxes ------------------------------------------------------------------


def test_batch_indices_beyond_what_a_half_counts_to():
    """300 images with a box of bfloat16 each: 257 is no bfloat16."""
    maps = torch.arange(300.0).reshape(300, 1, 1, 1)
    boxes = [torch.zeros((1, 4), dtype=torch.bfloat16)] * 300
    assert ops.roi_pool(maps, boxes, 1).flatten().tolist() == list(range(300))


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ([torch.zeros((1, 4))], r"rois is a list of 1, but features holds 2: give one tensor for each image"),
        ([torch.zeros((1, 4)), torch.zeros((2, 5))], r"rois\[1\] must have shape \(L, 4\); got \(2, 5\)"),
        ([[0.0, 0, 1, 1]] * 2, r"rois must be a tensor, or a list of one tensor for each image"),
    ],
)
def test_a_wrong_list_of_boxes_is_one_sentence(boxes, sentence):
    with pytest.raises((TypeError, ValueError), match=f"^{sentence}"):
        ops.roi_align(torch.zeros((2, 1, 4, 4)), boxes, 2)


def test_arrays_and_sizes_of_a_wrong_kind():
    with pytest.raises(TypeError, match=r"^features must be a torch\.Tensor; got an object"):
        ops.roi_align([[1.0]], torch.zeros((1, 5)), 2)
    with pytest.raises(TypeError, match=r"^output_size must be an int or a pair"):
        ops.roi_align(torch.zeros((1, 1, 4, 4)), torch.zeros((1, 5)), 2.0)


def test_a_pooler_of_maps_that_are_not_there():
    pooler = ops.MultiScaleRoIAlign(["p7"], 2, 2)
    with pytest.raises(ValueError, match=r"^featmap_names names \['p7'\], and x holds \['p2'\]"):
        pooler({"p2": torch.zeros((1, 1, 8, 8))}, [torch.zeros((1, 4))], [(32, 32)])
