"""Random calls of everything public, and what must hold for each of them.

A call gives a result, the same bits on both backends, or one documented sentence, the same on both. It warns
of nothing and changes no argument, and its result is its own.
"""

import re
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np
from hostile_values import (
    BEYOND,
    CHOICES,
    CONVENTIONS,
    FAR,
    INDICES,
    INTEGERS,
    JUNK,
    NEAR,
    ODD,
    SCALES,
    any_array,
    end,
    huge_map,
    laid_out,
    numbers,
    often,
)

import roikit
from roikit import explain
from roikit.convention import POOLING

#: How a sentence begins: with the argument that it is about.
SENTENCE = re.compile(
    r"(features|got|expected|rois(\[\d+\]){0,2}|output_size|spatial_scale|sampling_ratio|aligned|mode|convention"
    r"|return_argmax|layout|num_threads|out(\[\d+\])?"
    r"|grad|argmax(\[[\d, ]+\])?|input_shape|a copy of (grad|argmax)"
    r"|offset|group_size|gamma|angle|clockwise|extrapolation_value|method|coordinates|pool_size|spatial_scales"
    r"|input_shapes|masks|(boxes|labels)(\[[\d, ]+\])?|eps|eps_of|image_size|mask_size|classes|padding"
    r"|num_orientations|mixing|deterministic|canonical_(level|size)|a copy of (offset|masks|boxes|labels)"
    r"|features\[\d+\]|offset\[[\d, ]+\]"
    r"|length|bins|[yx](\[[\d, ]+\])?|y and x|the backend|index|rtol|atol|result|[HWabc]"
    r"|a, b and c|Convention: \w+|the (output|argmax|map|offsets)|there is nothing to explain:"
    r"|a copy of (features|rois(\[\d+\])?|y|x|got|expected)) "
)


class Call(NamedTuple):
    function: Any
    arguments: dict

    def __str__(self):
        return f"{self.function.__module__}.{self.function.__name__}"


# --- arguments --------------------------------------------------------------------------------------------


def choose(draw, good, bad, share=0.03):
    return draw.choice(bad) if often(draw, share) else good


def junk(draw, value, share=0.02):
    """The value, or now and then something that is of no use at all."""
    luck = draw.random()
    return any_array(draw) if luck < share / 3 else draw.choice(JUNK) if luck < share else value


def features(draw):
    if often(draw, 0.02):
        return huge_map(draw)
    N, C = draw.choice([0, 1, 1, 2, 2]), draw.choice([0, 1, 2, 3, 9])
    shape = (N, C, draw.choice([0, *[1, 2, 3, 5, 7] * 3]), draw.choice([0, *[1, 2, 4, 6] * 3]))
    return laid_out(draw, numbers(draw, shape, draw.choice(["f4", "f4", "f8", "f8", "f2", "bfloat16"])))


def images(maps):
    """How many images a feature map that may be anything has."""
    shape = np.shape(maps) if type(maps) is np.ndarray else ()
    return shape[0] if len(shape) == 4 else 2


def is_huge(maps):
    return type(maps) is np.ndarray and maps.size > 2**20


def box(draw, near):
    if near:
        return [draw.choice(BEYOND) if often(draw, 0.03) else draw.choice(NEAR) for _ in range(4)]
    return [end(draw) for _ in range(4)]


def rois(draw, count, near=False):
    """(K, 5), or boxes by image; as an array of some dtype and layout, or as lists."""
    if often(draw, 0.2):
        by_image = [[box(draw, near) for _ in range(draw.randint(0, 2))] for _ in range(min(count, 3))]
        return [np.array(rows).reshape(-1, 4) for rows in by_image] if often(draw, 0.5) else by_image
    indices = range(max(min(count, 9), 1))
    index = [choose(draw, draw.choice(indices), INDICES, 0.02) for _ in range(draw.randint(0, 3))]
    table = [[b, *box(draw, near)] for b in index]
    if often(draw, 0.5):
        return table
    dtype = draw.choice(["f8", "f8", "f4", "f2", "g", "i8", "i2", ">f8", ">i4", "u1", "u8"])
    with np.errstate(all="ignore"):
        return laid_out(draw, np.array(table).reshape(-1, 5).astype(dtype))


def side(draw):
    return choose(draw, draw.randint(1, 5), [17, 64, np.int32(2), np.uint8(3)], 0.05)


def output_size(draw):
    return choose(draw, draw.choice([side(draw), (side(draw), side(draw)), [1, side(draw)]]), INTEGERS)


def spatial_scale(draw):
    good = [1.0, 1, 0.5, 1 / 3, 2.0, 0.1, np.float32(0.25), 1e-300, 5e-324, 1e300, 1.7e308]
    return junk(draw, choose(draw, draw.choice(good), SCALES))


def a_convention(draw):
    """A name, or fields of which one may be wrong."""
    if often(draw, 0.5):
        return choose(draw, draw.choice(POOLING), ["point", *CONVENTIONS, *JUNK], 0.1)
    outcome = attempt(convention(draw))
    return outcome.value if outcome.error is None else "caffe"


def flag(draw):
    return junk(draw, choose(draw, draw.choice([True, False]), [1, 0, np.True_, "yes", np.array(True)]))


def mode(draw):
    return junk(draw, choose(draw, draw.choice(["max", "avg"]), CHOICES))


# --- calls ------------------------------------------------------------------------------------------------


def roi_pool(draw, function=roikit.roi_pool):
    maps = features(draw)
    boxes = rois(draw, images(maps), is_huge(maps))
    given = {
        "features": junk(draw, maps), "rois": junk(draw, boxes), "output_size": junk(draw, output_size(draw)),
        "spatial_scale": spatial_scale(draw), "mode": mode(draw),
        # A minimum size could have every cell of a huge map read.
        "convention": "caffe" if is_huge(maps) else a_convention(draw),
    }
    if function is roikit.roi_pool:
        given["return_argmax"] = flag(draw)
    return arranged(draw, function, given)


def roi_align(draw, function=roikit.roi_align):
    maps = features(draw)
    ratio = draw.choice([-1, 0, 1, 2, (0, 3), (2, 0), 5, -(2**70), (17, 1)])
    given = {
        "features": junk(draw, maps), "rois": junk(draw, rois(draw, images(maps), is_huge(maps))),
        "output_size": junk(draw, output_size(draw)), "spatial_scale": spatial_scale(draw),
        "sampling_ratio": junk(draw, choose(draw, ratio, INTEGERS)), "aligned": flag(draw),
        "mode": mode(draw),
    }
    if function is roikit.roi_align:  # which knows more than its explanation
        if often(draw, 0.2):
            given["mode"] = "max_corners"
        if often(draw, 0.3):
            names = draw.choice([None, *roikit.convention.SAMPLING])
            given["convention"] = choose(draw, names, [*roikit.CONVENTIONS, *CONVENTIONS, *JUNK], 0.1)
    return arranged(draw, function, given)


def arranged(draw, function, given):
    """The call; an operation may be told of a layout, of threads, and of where to write."""
    if function in (roikit.roi_pool, roikit.roi_align):
        if often(draw, 0.3) and not is_huge(given["features"]):  # a side of it could become its channels
            given["layout"] = junk(draw, choose(draw, draw.choice(["NCHW", "NHWC"]), ["nhwc", "CHWN"]))
        if often(draw, 0.2):
            given["num_threads"] = junk(draw, choose(draw, draw.choice([None, 1, 3]), INTEGERS))
        if often(draw, 0.2):
            made = attempt(Call(function, given))
            fit = parts(made.value) if made.error is None else (np.zeros((1, 1, 2, 2)),)
            places = [junk(draw, laid_out(draw, np.zeros_like(array))) for array in fit]
            places = places[0] if len(places) == 1 else tuple(places)
            return Call(written, {**given, "operation": function, "out": choose(draw, places, JUNK)})
    return Call(function, given)


def written(operation, out, **given):
    """What is written where the call says, which is what comes out else; a copy of it."""
    made, done = attempt(Call(operation, given)), attempt(Call(operation, {**given, "out": out}))
    if done.error is not None:
        raise done.error
    if out is None:
        return done.value
    assert done.value is out or all(a is b for a, b in zip(done.value, out, strict=True))
    assert done == made, (done, made)
    return tuple(array.copy() for array in done.value) if isinstance(out, tuple) else out.copy()


def points(draw):
    shape = draw.choice([(), (), (1,), (3,), (0,), (2, 1), (1, 2), (2, 2, 1)])
    luck = draw.random()
    values = NEAR if luck < 0.7 else [*NEAR, *FAR, 2.0**63, 1e308] if luck < 0.97 else BEYOND
    size = int(np.prod(shape))
    array = np.array([draw.choice(values) for _ in range(size)]).reshape(shape)
    return junk(draw, laid_out(draw, array) if often(draw, 0.7) else array.tolist())


def bilinear_interpolate(draw, function=roikit.bilinear_interpolate):
    maps = features(draw)
    if type(maps) is np.ndarray and not is_huge(maps):
        other_axes = [lambda: maps, lambda: maps[:, None, None], lambda: maps.swapaxes(0, 1)]
        maps = draw.choice(other_axes)()
        maps = maps[0] if len(maps) and often(draw, 0.5) else maps
    return Call(function, {"features": junk(draw, maps), "y": points(draw), "x": points(draw)})


def quantize_rois(draw):
    given = {"rois": junk(draw, rois(draw, 3)), "spatial_scale": spatial_scale(draw)}
    return Call(roikit.quantize_rois, {**given, "convention": a_convention(draw)})


def bin_edges(draw, function=roikit.bin_edges):
    length = choose(draw, draw.choice([0, 1, 5, 2**31, 2**42, draw.randint(0, 2**42)]), INTEGERS)
    given = {"length": junk(draw, length), "bins": junk(draw, choose(draw, draw.randint(1, 40), INTEGERS))}
    return Call(function, {**given, "convention": a_convention(draw)})


def convention(draw):
    real = [0.0, -1, np.float32(2.5), -0.25, np.nan, np.inf, 1e308, 2.0**40, -(2.0**40)]
    given = {
        "rounding": draw.choice(["floor", "round_half_away", "round_half_even"]),
        "ends": draw.choice(["inclusive", "exclusive"]),
        "split": draw.choice(["overlap", "disjoint", "truncate"]),
        "minimum_size": choose(draw, draw.choice([0, 1, 3, 2**40]), INTEGERS),
        "empty_value": choose(draw, draw.choice(real), SCALES),
        "offset": choose(draw, draw.choice([0.0, 0.5, -0.25]), [*real, *SCALES]),
        "outside": draw.choice(["ignore", "zero"]),
        "pixel_offset": choose(draw, draw.choice([0.0, 0.5, 2.0**40]), [*real, *SCALES]),
    }
    if often(draw, 0.3):
        split = choose(draw, "absolute", ["sampled"], 0.1)
        given |= {"rounding": "none", "ends": "inclusive_pixel", "split": split}
        given["minimum_size"] = choose(draw, draw.choice([None, 0, 0.1, 2.0**40]), SCALES)
    if often(draw, 0.2):
        given["arithmetic"] = draw.choice(["float32", "float64"])
    if often(draw, 0.1):
        given["round_pixels"] = choose(draw, draw.choice([True, False]), JUNK)
    if often(draw, 0.1):
        given[draw.choice([*given])] = draw.choice([*JUNK, *CHOICES])
    return Call(roikit.Convention, given)


def use_backend(draw):
    return Call(enter, {"name": junk(draw, choose(draw, draw.choice(["reference", "cpu"]), CHOICES, 0.5))})


def enter(name):
    with roikit.use_backend(name):
        roikit.bin_edges(5, 2)


def ramp(draw):
    steps = {name: choose(draw, draw.choice(NEAR), [*SCALES, *ODD], 0.1) for name in "abc"}
    sides = {name: choose(draw, draw.randint(0, 5), [n for n in INTEGERS if n != 2**20 + 1]) for name in "HW"}
    return Call(roikit.examples.ramp, {name: junk(draw, value) for name, value in {**sides, **steps}.items()})


def explanation(draw):
    """How one of the operations came to its output: one value, and a picture."""
    kind, function, operation = draw.choice(EXPLAINED)
    call = kind(draw, function)
    given = {"call": call, "operation": operation}
    made = attempt(call)
    if made.error is None:
        shape = made.value.shape
        strange = [(), (0,), tuple(INTEGERS[:4]), [10**5000] * len(shape)]
        index = choose(draw, tuple(draw.randrange(max(side, 1)) for side in shape), strange)
        given["index"] = junk(draw, index, 0.1)
        given["picture"] = picture(draw, shape) if often(draw, 0.3) else None
    return Call(explained, given)


def picture(draw, shape):
    """What a picture is asked for beside the index."""
    asked = {}
    if np.prod(shape, dtype=float) < 2000:
        for name in ("got", "expected"):
            output = numbers(draw, shape, draw.choice(["f4", "f8", "g", "i8"]))
            asked[name] = junk(draw, laid_out(draw, output), 0.1)
    asked |= {name: choose(draw, 1e-6, SCALES, 0.1) for name in ("rtol", "atol")}
    return {**asked, "result": flag(draw)}


def explained(call, operation, index=(), picture=None):
    """The value that an explanation gives, which is the operation's; a picture, if any, is whole."""
    made = attempt(call)
    with roikit.use_backend("plain"):  # also of a large output
        done = attempt(Call(operation, call.arguments))
    assert (made.error is None) == (done.error is None), (made, done)
    if made.error is not None:
        assert made == done, (made, done)
        raise made.error
    if picture is not None:
        ElementTree.fromstring(made.value.picture(index, **picture).svg)
    place = index if type(index) is tuple else (index,)
    record = made.value.bin(*place)
    assert str(record)
    result = record.result if hasattr(record, "result") else (record.start, record.end)
    result = np.array(result, done.value.dtype)
    place = place[: done.value.ndim - result.ndim]
    assert same_bits(result, done.value[place]), (result, done.value[place])
    return result


EXPLAINED = [
    (roi_pool, explain.roi_pool, roikit.roi_pool),
    (roi_align, explain.roi_align, roikit.roi_align),
    (bilinear_interpolate, explain.bilinear_interpolate, roikit.bilinear_interpolate),
    (bin_edges, explain.bins, roikit.bin_edges),
]
CALLS = [
    roi_pool, roi_align, bilinear_interpolate, quantize_rois, bin_edges, convention, use_backend, ramp,
    explanation,
]


# --- what must hold ---------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    value: Any
    error: Exception | None

    def __eq__(self, other):
        if self.error is not None or other.error is not None:
            return (type(self.error), str(self.error)) == (type(other.error), str(other.error))
        return all(map(same_bits, parts(self.value), parts(other.value)))


def attempt(call):
    try:
        return Outcome(call.function(**call.arguments), None)
    except (TypeError, ValueError, MemoryError) as error:
        return Outcome(None, error)


def parts(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def same_bits(a, b):
    """Equal to the last bit and the sign of zero; one NaN is like another."""
    if not isinstance(a, np.ndarray):
        return type(a) is type(b)
    if a.dtype.kind == "f" or a.dtype.name == "bfloat16":
        a, b = (np.where(np.isnan(array), array.dtype.type(np.nan), array) for array in (a, b))
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def snapshot(arguments):
    """The arrays that the call is given, as they are now."""
    given = [value for name, value in arguments.items() if name != "out"]
    arrays = [value for value in given if type(value) is np.ndarray and value.size < 2**16]
    return [(array, array.tobytes()) for array in arrays]


def check(call, compare=True):
    """Run a call and look at it; gives what came of it."""
    before = snapshot(call.arguments)
    with np.errstate(all="raise"):  # what the caller set stays out of roikit, and what roikit does from here
        outcome = attempt(call)
        if compare:
            with roikit.use_backend("reference"):
                definition = attempt(call)
            assert outcome == definition, f"the definition gives {definition}, the kernel {outcome}"
    for array, bytes_before in before:
        assert array.tobytes() == bytes_before, "an argument was changed"
        for part in parts(outcome.value) if outcome.error is None else ():
            assert not np.may_share_memory(part, array), "the result is a view of an argument"
    if outcome.error is not None:
        check_sentence(outcome.error)
    return outcome


def check_sentence(error):
    sentence = str(error)
    assert type(error) in (TypeError, ValueError, MemoryError), repr(error)
    assert SENTENCE.match(sentence), sentence
    assert len(sentence) < 500, sentence
    assert "\n" not in sentence, sentence
