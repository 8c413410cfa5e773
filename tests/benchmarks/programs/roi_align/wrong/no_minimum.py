# faults: minimum_size_never
# style: aligned as a number
# rest: right/loops.py
def box_on_map(box, spatial_scale, aligned):
    b = [t * spatial_scale for t in box]
    return b[1] - 0.5 * aligned, b[0] - 0.5 * aligned, b[3] - b[1], b[2] - b[0]
