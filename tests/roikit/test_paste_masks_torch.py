"""paste_masks beside what torchvision and detectron2 do with PyTorch. Runs where torch imports."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the peers compute with torch, which is not installed here")

from torch.nn.functional import grid_sample, interpolate, pad  # noqa: E402

from roikit import paste_masks, paste_masks_backward  # noqa: E402


def by_torchvision(masks, boxes, image_size, padding=1):
    """The steps of paste_masks_in_image, in float64: pad, grow, cut off to whole pixels, resize, copy."""
    H, W = image_size
    growth = (masks.shape[-1] + 2 * padding) / masks.shape[-1]
    padded = pad(masks, (padding,) * 4)
    centres, halves = (boxes[:, 2:] + boxes[:, :2]) * 0.5, (boxes[:, 2:] - boxes[:, :2]) * 0.5 * growth
    corners = torch.cat([centres - halves, centres + halves], 1).to(torch.int64).tolist()
    images = []
    for mask, (x1, y1, x2, y2) in zip(padded, corners, strict=True):
        size = max(y2 - y1 + 1, 1), max(x2 - x1 + 1, 1)
        resized = interpolate(mask[None, None], size, mode="bilinear", align_corners=False)
        image = torch.zeros((H, W), dtype=masks.dtype)
        top, left, bottom, right = max(y1, 0), max(x1, 0), min(y2 + 1, H), min(x2 + 1, W)
        if top < bottom and left < right:  # a box off the image is an error there
            image[top:bottom, left:right] = resized[0, 0, top - y1 : bottom - y1, left - x1 : right - x1]
        images.append(image)
    return torch.stack(images)


def by_detectron2(masks, boxes, image_size):
    """The steps of _do_paste_mask: the whole image is the grid on which the masks are sampled."""
    H, W = image_size
    x1, y1, x2, y2 = boxes.T[:, :, None]
    x = (torch.arange(W) + 0.5 - x1) / (x2 - x1) * 2 - 1
    y = (torch.arange(H) + 0.5 - y1) / (y2 - y1) * 2 - 1
    grid = torch.stack([x[:, None].expand(-1, H, W), y[:, :, None].expand(-1, H, W)], 3)
    return grid_sample(masks[:, None], grid, align_corners=False)[:, 0]


#: Of values of size 1; detectron2 goes by way of -1 .. 1, which costs digits.
ROUNDING = {"torchvision": 1e-13, "detectron2": 1e-12}
PEERS = {"torchvision": by_torchvision, "detectron2": by_detectron2}
both = pytest.mark.parametrize("convention", PEERS)


def random_call(seed):
    """Square masks, as theirs are; boxes inside, over every border, off the image, smaller than a pixel."""
    rng = np.random.default_rng(seed)
    K, cells, H, W = rng.integers(1, 5), rng.integers(1, 29), rng.integers(9, 40), rng.integers(9, 40)
    corners = rng.uniform(-9, 30, (K, 2))
    boxes = np.concatenate([corners, corners + rng.choice([0.01, 1, 10, 40], (K, 2)) * rng.random((K, 2))], 1)
    boxes = np.where(rng.random((K, 4)) < 0.2, np.round(boxes), boxes)
    boxes[:, 2:] = np.maximum(boxes[:, 2:], boxes[:, :2] + 1e-3)
    return rng.random((K, cells, cells)), boxes, (int(H), int(W))


@both
@pytest.mark.parametrize("seed", range(100))
def test_the_same_image(convention, seed):
    masks, boxes, size = random_call(seed)
    expected = PEERS[convention](torch.from_numpy(masks), torch.from_numpy(boxes), size)
    got = paste_masks(masks, boxes, size, convention=convention)
    np.testing.assert_allclose(got, expected.numpy(), rtol=0, atol=ROUNDING[convention])


@both
@pytest.mark.parametrize("seed", range(20))
def test_the_same_gradient(convention, seed):
    masks, boxes, size = random_call(seed)
    tensor = torch.from_numpy(masks).requires_grad_()
    images = PEERS[convention](tensor, torch.from_numpy(boxes), size) + 0 * tensor.sum()
    grad = np.random.default_rng(seed).normal(size=images.shape)
    images.backward(torch.from_numpy(grad))
    got = paste_masks_backward(grad, boxes, masks.shape[1:], convention=convention)
    np.testing.assert_allclose(got, tensor.grad.numpy(), rtol=0, atol=100 * ROUNDING[convention])


@pytest.mark.parametrize("padding", [0, 2, 3])
def test_other_paddings(padding):
    masks, boxes, size = random_call(7)
    expected = by_torchvision(torch.from_numpy(masks), torch.from_numpy(boxes), size, padding)
    got = paste_masks(masks, boxes, size, padding=padding)
    np.testing.assert_allclose(got, expected.numpy(), rtol=0, atol=1e-13)


def test_masks_that_are_not_square_grow_by_their_width_in_height_too():
    masks, boxes = np.random.default_rng(1).random((1, 3, 6)), np.array([[4.2, 3.1, 15.3, 9.9]])
    expected = by_torchvision(torch.from_numpy(masks), torch.from_numpy(boxes), (20, 20))
    np.testing.assert_allclose(paste_masks(masks, boxes, (20, 20)), expected.numpy(), rtol=0, atol=1e-13)
