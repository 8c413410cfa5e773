"""roikit.torch: every operation has its function's values, and gradients that PyTorch's check confirms."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="roikit.torch is optional, and torch is not installed here")

import roikit  # noqa: E402
from roikit import torch as layers  # noqa: E402
from roikit.torch._operators import face  # noqa: E402

MAP = (2, 4, 7, 8)
BOXES = [[0.3, 0.7, 4.4, 3.83], [-1.2, 1.3, 3.57, 5.41], [2.3, 2.25, 6.6, 3.4]]  # no sample on a cell
TURNED = [[3.3, 2.7, 4.1, 2.9, 25.0], [1.2, 3.3, 3.6, 4.4, -70.0], [4.3, 3.2, 1.6, 3.4, 190.0]]
BATCH = [[0.0], [1.0], [0.0]]


def drawn(*shape):
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.rand(shape, generator=generator, dtype=torch.float64)


def rows(boxes):
    return torch.cat([torch.tensor(BATCH, dtype=torch.float64), boxes], 1)


def case(layer, *tensors, **options):
    """A call of `layer` with the tensors, which all may be moved a little, and the options."""
    return layer, tensors, options


def boxes(values=BOXES, scale=1.0):
    return torch.tensor(values, dtype=torch.float64) * scale


def pyramid(*tensors, **options):
    """Its maps are a list."""
    return layers.roi_align_pyramid(tensors[:-1], tensors[-1], **options)


SIZE, SCALED = {"output_size": (2, 3)}, {"spatial_scale": 1.25}
CASES = {
    "roi_align": case(
        layers.roi_align, drawn(*MAP), boxes(), sampling_ratio=2, aligned=True, **SIZE, **SCALED
    ),
    "roi_align_rotated": case(layers.roi_align_rotated, drawn(*MAP), boxes(TURNED), **SIZE, **SCALED),
    "roi_align_rotated, clockwise": case(
        layers.roi_align_rotated, drawn(*MAP), boxes(TURNED, 0.9), angle="radians", clockwise=True, **SIZE,
    ),
    "riroi_align_rotated": case(
        layers.riroi_align_rotated, drawn(*MAP), boxes(TURNED), num_orientations=4, **SIZE, **SCALED,
    ),
    "riroi_align_rotated, as ReDet": case(
        layers.riroi_align_rotated, drawn(*MAP), boxes(TURNED, 0.9), num_orientations=2, angle="radians",
        clockwise=True, mixing="redet", **SIZE,
    ),
    "precise_roi_pool": case(layers.precise_roi_pool, drawn(*MAP), boxes(), **SIZE, **SCALED),
    "ps_roi_align": case(layers.ps_roi_align, drawn(2, 12, 7, 8), boxes(), sampling_ratio=2, **SIZE),
    "ps_roi_align, groups": case(layers.ps_roi_align, drawn(*MAP), boxes(), group_size=2, **SIZE, **SCALED),
    "ps_roi_align, maxima": case(
        layers.ps_roi_align, drawn(2, 12, 7, 8), boxes(), sampling_ratio=2, mode="max", **SIZE
    ),
    "crop_and_resize": case(
        layers.crop_and_resize, drawn(*MAP), boxes(scale=1 / 9), extrapolation_value=3.0, **SIZE
    ),
    "crop_and_resize, cells": case(layers.crop_and_resize, drawn(*MAP), boxes(), coordinates="cells", **SIZE),
    "ps_crop_and_resize": case(
        layers.ps_crop_and_resize, drawn(2, 12, 7, 8), boxes(scale=1 / 9), group_size=(3, 2), **SIZE
    ),
    "border_align": case(layers.border_align, drawn(*MAP), boxes(), pool_size=3, spatial_scale=1.25),
    "deform_roi_pool": case(layers.deform_roi_pool, drawn(*MAP), boxes(), drawn(3, 2, 2, 3), **SIZE),
    "roi_align_pyramid": case(
        pyramid, drawn(2, 2, 9, 9), drawn(2, 2, 5, 4), boxes(), spatial_scales=[1.0, 0.5], canonical_size=45,
        **SIZE,
    ),
    "roi_align_pyramid, maxima": case(
        pyramid, drawn(2, 2, 9, 9), drawn(2, 2, 5, 4), boxes(), spatial_scales=[1.0, 0.5], canonical_size=45,
        mode="max", **SIZE,
    ),
}
#: By the map alone.
FIXED = {
    "roi_pool": lambda maps: layers.roi_pool(maps, rows(boxes()), (2, 3), 1.25),
    "ps_roi_pool": lambda maps: layers.ps_roi_pool(maps, rows(boxes()), 2, 1.25, convention="rfcn"),
    "ps_roi_pool, groups": lambda maps: layers.ps_roi_pool(maps, rows(boxes()), (3, 4), group_size=(2, 1)),
    "ps_roi_pool, maxima": lambda maps: layers.ps_roi_pool(maps, rows(boxes()), 2, 1.25, mode="max"),
    "crop_and_resize, nearest": lambda maps: layers.crop_and_resize(
        maps, rows(boxes(scale=1 / 9)).requires_grad_(), (2, 3), method="nearest"
    ),
    "deform_roi_pool, unshifted": lambda maps: layers.deform_roi_pool(maps, rows(boxes()), None, (2, 3)),
    "paste_masks": lambda maps: layers.paste_masks(maps[0, :3], boxes(), (6, 7)),
    "paste_masks, detectron2": lambda maps: layers.paste_masks(
        maps[1, :3], boxes(), (6, 7), padding=1, convention="detectron2"
    ),
    "select_class_masks": lambda maps: layers.select_class_masks(maps, torch.tensor([3, 1])),
}


def test_every_public_function_is_tried():
    tried = {name.split(",")[0] for name in (*CASES, *FIXED)}
    assert tried == set(layers.__all__)


def on_boxes(name):
    """The call as a function of tensors, the boxes without their batch indices."""
    layer, tensors, options = CASES[name]
    place = next(i for i, each in enumerate(tensors) if each.ndim == 2)

    def function(*given):
        return layer(*given[:place], rows(given[place]), *given[place + 1 :], **options)

    return function, tensors


# --- gradients ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_gradcheck_by_all_that_moves(name):
    function, tensors = on_boxes(name)
    assert torch.autograd.gradcheck(function, [each.clone().requires_grad_() for each in tensors])


@pytest.mark.parametrize("name", FIXED)
def test_gradcheck_by_the_map(name):
    assert torch.autograd.gradcheck(FIXED[name], drawn(*MAP).requires_grad_())


@pytest.mark.parametrize("name", CASES)
def test_only_what_is_asked_for_has_a_gradient(name):
    function, tensors = on_boxes(name)
    for i in range(len(tensors)):
        given = [each.clone().requires_grad_(j == i) for j, each in enumerate(tensors)]
        function(*given).sum().backward()
        assert [each.grad is not None for each in given] == [j == i for j in range(len(tensors))]


@pytest.mark.parametrize("name", CASES)
def test_gradients_have_their_tensors_dtypes(name):
    function, tensors = on_boxes(name)
    dtypes = [torch.float32 if each.ndim == 2 else torch.bfloat16 for each in tensors]
    given = [each.to(dtype).requires_grad_() for each, dtype in zip(tensors, dtypes, strict=True)]
    result = function(*given)
    result.sum().backward()
    assert result.dtype == torch.bfloat16
    assert [each.grad.dtype for each in given] == dtypes


# --- values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_values_are_those_of_the_function_on_arrays(name):
    layer, tensors, options = CASES[name]
    arrays = [(rows(each) if each.ndim == 2 else each).numpy() for each in tensors]
    if layer is pyramid:
        arrays = [arrays[:-1], arrays[-1]]
    expected = face(name.split(",")[0])(*arrays, **options)
    assert np.array_equal(on_boxes(name)[0](*tensors).numpy(), expected)


def test_boxes_of_each_image():
    function, tensors = on_boxes("precise_roi_pool")
    by_image = [tensors[1][[0, 2]], tensors[1][[1]]]
    got = layers.precise_roi_pool(tensors[0], by_image, (2, 3), 1.25)
    assert torch.equal(got, function(*tensors)[[0, 2, 1]])


def test_nothing_of_nothing():
    features = drawn(*MAP).requires_grad_()
    bins = layers.precise_roi_pool(features, torch.empty(0, 5), 3)
    assert bins.shape == (0, 4, 3, 3)
    bins.sum().backward()
    assert not features.grad.any()


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda maps: layers.ps_roi_pool(maps, rows(boxes()), 3), "^features must have"),
        (lambda maps: layers.paste_masks(maps[0], boxes(), (6, 7)), "^boxes must"),
        (lambda maps: layers.select_class_masks(maps, torch.tensor([3, 9])), r"^labels\[1\]"),
        (lambda maps: layers.border_align(maps, rows(boxes()), 0), "^pool_size must"),
        (lambda maps: layers.roi_align_pyramid([maps], rows(boxes()), 2, [0.3]), "^spatial_scales must be"),
    ],
)
def test_a_wrong_argument_is_roikits_sentence(function, sentence):
    with pytest.raises(ValueError, match=sentence):
        function(drawn(*MAP))


# --- as operators of PyTorch --------------------------------------------------------------------------------


def operator_calls():
    """The arguments of every operator, in its schema's order."""
    maps, rois, size = drawn(*MAP), rows(boxes()), [2, 3]
    yield "roi_align_rotated", (maps, rows(boxes(TURNED)), size, 1.0, [0, 2], True, "degrees", False)
    turned = (maps, rows(boxes(TURNED)), size, 1.0, [0, 2], 4, True, "degrees", False, "linear")
    yield "riroi_align_rotated", turned
    yield "precise_roi_pool", (maps, rois, size, 1.25)
    yield "ps_roi_pool", (maps, rois.detach(), size, 1.25, [2, 2], "exclusive", "avg")
    yield "ps_roi_pool", (maps, rois.detach(), size, 1.25, [2, 2], "exclusive", "max")
    yield "ps_roi_align", (maps, rois, size, 1.25, [2, 2], [2, 2], True, None, "avg")
    yield "ps_roi_align", (maps, rois, size, 1.25, [2, 2], [2, 2], True, None, "max")
    yield "crop_and_resize", (maps, rois, size, 0.0, "bilinear", "cells")
    yield "ps_crop_and_resize", (maps, rois, size, 0.0, [2, 2], "bilinear", "cells")
    yield "border_align", (maps, rois, 3, 1.0)
    yield "deform_roi_pool", (maps, rois, drawn(3, 2, 2, 3), size, 1.0, [2, 2], 0.1)
    yield "deform_roi_pool", (maps, rois, None, size, 1.0, [2, 2], 0.1)
    yield "paste_masks", (maps[0, :3], boxes(), [6, 7], 1, "torchvision")
    yield "select_class_masks", (maps, torch.tensor([3, 1]))
    pyramid = [drawn(2, 2, 9, 9), drawn(2, 2, 5, 4)], rois, size, [1.0, 0.5], [2, 2], True
    yield "roi_align_pyramid", (*pyramid, "avg", 4, 45.0, 1e-6, "level")


def moving(argument):
    """Requires a gradient where there may be one."""
    if isinstance(argument, list) and isinstance(argument[0], torch.Tensor):
        return [moving(each) for each in argument]
    is_float = isinstance(argument, torch.Tensor) and argument.is_floating_point()
    return argument.clone().requires_grad_() if is_float else argument


@pytest.mark.filterwarnings("ignore:The .grad attribute")  # that the check itself reads
@pytest.mark.parametrize(("name", "arguments"), list(operator_calls()))
def test_the_operators_keep_pytorchs_rules(name, arguments):
    """Schemas, what results look like, and gradients under tracing."""
    given = list(map(moving, arguments))
    if name in ("ps_roi_pool", "paste_masks"):  # whose boxes do not move
        given[1] = given[1].detach()
    torch.library.opcheck(getattr(torch.ops.roikit, name).default, tuple(given))


def head(features, rois, offset):
    bins = layers.precise_roi_pool(2 * features, rois, 3), layers.ps_roi_align(features, rois, 2).sin()
    maps = [features, features[..., ::2, ::2]]
    leveled = layers.roi_align_pyramid(maps, rois, 3, [1.0, 0.5], canonical_size=45)
    return *bins, leveled, layers.deform_roi_pool(features, rois, offset, (2, 3))


@pytest.mark.parametrize("dynamic", [False, True])
def test_a_compiled_function_computes_the_same(dynamic):
    """In one graph; what PyTorch would make of the graph needs a compiler, and is not ours."""
    results = []
    compiled = torch.compile(head, fullgraph=True, backend="aot_eager", dynamic=dynamic)
    for function in (head, compiled):
        given = [each.requires_grad_() for each in (drawn(*MAP), rows(boxes()), drawn(3, 2, 2, 3))]
        made = function(*given)
        sum(each.square().sum() for each in made).backward()
        results.append((*made, *(each.grad for each in given)))
    for ours, theirs in zip(*results, strict=True):
        assert torch.equal(ours, theirs)


def test_no_maps_are_one_sentence():
    with pytest.raises(TypeError, match=r"^features must be a list of maps, finest first; got \[\]"):
        layers.roi_align_pyramid([], rows(boxes()), 2, [])


def test_it_is_named_as_roikit_names_it():
    for name in layers.__all__:
        assert callable(getattr(roikit, name, None) or face(name))
