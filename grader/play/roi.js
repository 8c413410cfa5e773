"use strict";
/* RoI pooling and RoIAlign on one feature map, as roikit.reference defines them, function by function.

   A feature map is an array of rows of finite numbers; a RoI is [x1, y1, x2, y2] in image pixels; a
   convention has the fields of roikit.Convention. roiPool and roiAlign give a record for each bin. */

// ------------------------------------------------------------------ the first quantization: the box
function roundEnd(end, rounding) {
  if (rounding === "floor") return Math.floor(end) + 0; // + 0 makes 0 of -0
  const whole = Math.floor(Math.abs(end));
  const rest = Math.abs(end) - whole;
  const isHalfToEven = rounding === "round_half_even" && rest === 0.5;
  const up = isHalfToEven ? whole % 2 === 1 : rest >= 0.5;
  return Math.sign(end) * (up ? whole + 1 : whole) + 0;
}

function quantizeAxis(start, end, spatialScale, convention) {
  const first = roundEnd(start * spatialScale - convention.offset, convention.rounding);
  const last = roundEnd(end * spatialScale - convention.offset, convention.rounding);
  const size = last - first + (convention.ends === "inclusive" ? 1 : 0); // inclusive: the end cell itself
  return [first, first + Math.max(size, convention.minimum_size)]; // also makes a reversed box one cell
}

/** [x1, y1, x2, y2] of each RoI in cells: columns x1 <= x < x2, rows y1 <= y < y2. */
function quantizeRois(rois, spatialScale, convention) {
  return rois.map(([x1, y1, x2, y2]) => {
    const [left, right] = quantizeAxis(x1, x2, spatialScale, convention);
    const [top, bottom] = quantizeAxis(y1, y2, spatialScale, convention);
    return [left, top, right, bottom];
  });
}

// ------------------------------------------------------------------ the second quantization: the bins
/** Bin p of `bins` over `length` cells, half-open. Below 2**52 the floor of a float64 quotient is exact.

    5 cells in 2 bins    overlap  [0 1 2]     disjoint  [0 1]         truncate  [0 1]
                                      [2 3 4]               [2 3 4]                 [2 3]  4 is dropped */
function binRange(p, length, bins, split) {
  if (split === "truncate") {
    const size = Math.max(Math.floor(length / bins), 1);
    return [Math.min(p * size, length), Math.min((p + 1) * size, length)];
  }
  const end = ((p + 1) * length) / bins;
  return [Math.floor((p * length) / bins), split === "disjoint" ? Math.floor(end) : Math.ceil(end)];
}

function binEdges(length, bins, convention) {
  return Array.from({ length: bins }, (_, p) => binRange(p, length, bins, convention.split));
}

// ------------------------------------------------------------------ pooling
/** The part of a range that is on a map axis of `length` cells. */
function clipRange([start, end], length) {
  return [Math.min(Math.max(start, 0), length), Math.min(Math.max(end, 0), length)];
}

function poolBin(plane, rows, columns, convention, mode) {
  const [top, bottom] = clipRange(rows, plane.length);
  const [left, right] = clipRange(columns, plane[0].length);
  const onMap = (bottom - top) * (right - left);
  const offMap = convention.outside === "zero" ? (rows[1] - rows[0]) * (columns[1] - columns[0]) - onMap : 0;
  const bin = { rows, columns, rowsOnMap: [top, bottom], columnsOnMap: [left, right], onMap, argmax: null };
  bin.count = onMap + offMap;
  if (bin.count === 0) return { ...bin, value: convention.empty_value };

  let total = 0;
  let maximum = -Infinity;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      total += plane[y][x];
      if (plane[y][x] > maximum) {
        maximum = plane[y][x]; // the first one, in row-major order
        bin.argmax = [y, x];
      }
    }
  }
  if (mode === "avg") return { ...bin, argmax: null, value: total / bin.count };
  if (offMap > 0 && maximum < 0) return { ...bin, argmax: null, value: 0 };
  return { ...bin, value: maximum };
}

/** Bins [k][ph][pw]; cut from the region as it stands, before the map's border. */
function roiPool(plane, rois, [PH, PW], spatialScale, convention, mode) {
  return quantizeRois(rois, spatialScale, convention).map(([x1, y1, x2, y2]) => {
    const columns = binEdges(x2 - x1, PW, convention).map(([start, end]) => [x1 + start, x1 + end]);
    const rows = binEdges(y2 - y1, PH, convention).map(([start, end]) => [y1 + start, y1 + end]);
    return rows.map((row) => columns.map((column) => poolBin(plane, row, column, convention, mode)));
  });
}

// ------------------------------------------------------------------ between the cells
/** Which cells a point taps on one axis; beyond [-1, length] it is outside, else it is clamped to the map. */
function axisTaps(point, length) {
  const inside = point >= -1 && point <= length;
  const clamped = inside ? Math.min(Math.max(point, 0), length - 1) : 0;
  const low = Math.floor(clamped);
  const high = Math.min(low + 1, length - 1); // the last cell is its own neighbour
  return { inside, low, high, fraction: clamped - low };
}

/** Two linear interpolations along x, then one along y; 0 outside. Neighbours are listed row by row. */
function bilinearInterpolate(plane, y, x) {
  const row = axisTaps(y, plane.length);
  const column = axisTaps(x, plane[0].length);
  const neighbours = [row.low, row.high].flatMap((i) => [column.low, column.high].map((j) => [i, j]));
  const [topLeft, topRight, bottomLeft, bottomRight] = neighbours.map(([i, j]) => plane[i][j]);
  const [fy, fx] = [row.fraction, column.fraction];
  const weights = [(1 - fy) * (1 - fx), (1 - fy) * fx, fy * (1 - fx), fy * fx]; // the opposite areas
  const top = (1 - fx) * topLeft + fx * topRight;
  const bottom = (1 - fx) * bottomLeft + fx * bottomRight;
  const inside = row.inside && column.inside;
  return { y, x, inside, neighbours, weights, value: inside ? (1 - fy) * top + fy * bottom : 0 };
}

// ------------------------------------------------------------------ align
/** Start and size of one axis of a box, in index coordinates. */
function scaleAxis(start, end, spatialScale, aligned) {
  if (aligned) { // a cell's value stands at its centre, so cell i is at i + 0.5
    const scaled = start * spatialScale - 0.5;
    return [scaled, end * spatialScale - 0.5 - scaled];
  }
  const scaled = start * spatialScale;
  return [scaled, Math.max(end * spatialScale - scaled, 1)];
}

/** Sample points a bin along one axis; adaptive where the ratio is not positive. */
function sampleCount(size, bins, samplingRatio) {
  return samplingRatio > 0 ? samplingRatio : Math.max(Math.ceil(size / bins), 0);
}

/** Where bin p is sampled along one axis: at the centres of its `count` equal parts. */
function binPoints(p, start, size, bins, count) {
  const binSize = size / bins;
  return Array.from({ length: count }, (_, i) => start + p * binSize + ((i + 0.5) * binSize) / count);
}

function binValue(samples, mode) {
  if (samples.length === 0) return 0;
  if (mode === "max") return samples.reduce((most, sample) => Math.max(most, sample.value), -Infinity) + 0;
  return samples.reduce((total, sample) => total + sample.value, 0) / samples.length;
}

/** Bins [k][ph][pw], with their sample points row by row. */
function roiAlign(plane, rois, [PH, PW], spatialScale, [ratioY, ratioX], aligned, mode) {
  return rois.map(([x1, y1, x2, y2]) => {
    const [startY, height] = scaleAxis(y1, y2, spatialScale, aligned);
    const [startX, width] = scaleAxis(x1, x2, spatialScale, aligned);
    const countY = sampleCount(height, PH, ratioY);
    const countX = sampleCount(width, PW, ratioX);
    const bin = (ph, pw) => {
      const ys = binPoints(ph, startY, height, PH, countY);
      const xs = binPoints(pw, startX, width, PW, countX);
      const samples = ys.flatMap((y) => xs.map((x) => bilinearInterpolate(plane, y, x)));
      const rows = [startY + (ph * height) / PH, startY + ((ph + 1) * height) / PH];
      const columns = [startX + (pw * width) / PW, startX + ((pw + 1) * width) / PW];
      return { rows, columns, countY, countX, samples, value: binValue(samples, mode) };
    };
    return Array.from({ length: PH }, (_, ph) => Array.from({ length: PW }, (_, pw) => bin(ph, pw)));
  });
}
