# faults: nearest_cell
# style: C port without interpolation: (int)(y + 0.5)
# rest: right/c_like.py
def interpolate(data, height, width, y, x):
    if y < -1.0 or y > height or x < -1.0 or x > width:
        return 0.0
    row = int(max(y, 0.0) + 0.5)
    column = int(max(x, 0.0) + 0.5)
    if row > height - 1:
        row = height - 1
    if column > width - 1:
        column = width - 1
    return data[row * width + column]
