# faults: nearest_ends
# style: decimal's ROUND_HALF_UP
# rest: right/classes.py
from decimal import ROUND_HALF_UP, Decimal


def quantize_roi(roi, spatial_scale):
    scaled = [Decimal(float(v)) * Decimal(spatial_scale) for v in roi]
    return tuple(int(v.quantize(Decimal(1), rounding=ROUND_HALF_UP)) for v in scaled)
