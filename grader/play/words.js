/* Numbers and sentences, as roikit.explain has them. */

/** A value in a sentence: 0.9700000286 -> "0.97". */
const words = (value) => String(Number(value.toPrecision(6)));
/** A coordinate in a sentence: 20.78125 -> "20.78125". */
const coordinate = (value) => String(Number(value.toPrecision(8)));
const counted = (count, noun) => `${coordinate(count)} ${noun}${count === 1 ? "" : "s"}`;
const modeName = (mode) => ({ max: "maximum", avg: "average" })[mode];

/** The half-open range in words, ends included: ("row", [5, 8]) -> "rows 5..7". */
function span(noun, [start, end]) {
  if (end <= start) return `no ${noun}s`;
  return end === start + 1 ? `${noun} ${start}` : `${noun}s ${start}..${end - 1}`;
}

const stretch = (name, [start, end]) => `${name} ${coordinate(start)} to ${coordinate(end)}`;

/** Decimals for a map: two, or none where all values are whole. */
function mapDecimals(plane) {
  return plane.flat().every(Number.isInteger) ? 0 : 2;
}

/** Decimals for outputs that stand together: about four digits, without zeros that all of them end in. */
function outputDecimals(values) {
  const top = Math.max(...values.map(Math.abs));
  const most = top === 0 ? 0 : Math.min(Math.max(3 - Math.floor(Math.log10(top)), 0), 4);
  const rounded = (value, digits) => Number(value.toFixed(digits));
  const isEnough = (digits) => values.every((value) => rounded(value, digits) === rounded(value, most));
  return Array.from({ length: most + 1 }, (_, digits) => digits).find(isEnough);
}

/** A rounded -0.001 is "0.00". */
function fixed(value, decimals) {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

// ------------------------------------------------------------------ pooling
function boxSentence(now) {
  const { box, scaled, region, convention } = now;
  const [x1, y1, x2, y2] = region;
  const scale = now.scale === 1 ? "" : ` is (${scaled.map(coordinate).join(", ")}) in cells and`;
  const rounding = convention.rounding.replaceAll("_", " ");
  const rules = `${rounding}, ends ${convention.ends}, ${convention.split} bins`;
  return (
    `The box (${box.map(coordinate).join(", ")})${scale} becomes ` +
    `${span("column", [x1, x2])}, ${span("row", [y1, y2])} (${rules}).`
  );
}

function poolSentence([ph, pw], bin, mode) {
  let place = `${span("row", bin.rows)}, ${span("column", bin.columns)}`;
  const onMap = `${span("row", bin.rowsOnMap)}, ${span("column", bin.columnsOnMap)}`;
  if (`${bin.rows} ${bin.columns}` !== `${bin.rowsOnMap} ${bin.columnsOnMap}`) {
    place += bin.onMap === 0 ? " (none of it on the map)" : ` (on the map: ${onMap})`;
  }
  return `Bin (${ph}, ${pw}): ${place}; ${poolValue(bin, mode)}.`;
}

function poolValue(bin, mode) {
  if (bin.count === 0) return `a bin without cells is ${words(bin.value)}`;
  if (mode === "avg") return `average ${words(bin.value)} of ${counted(bin.count, "cell")}`;
  return `maximum ${words(bin.value)} at (${bin.argmax.join(", ")})`;
}

// ------------------------------------------------------------------ what is lost
/** What the two quantizations do to each axis. */
function lossSentences(now) {
  const [left, top, right, bottom] = now.scaled;
  const [x1, y1, x2, y2] = now.region;
  const columns = now.pool[0].map((bin) => bin.columns);
  const rows = now.pool.map((bins) => bins[0].rows);
  return [
    axisLoss("x", [left, right], [x1, x2], columns, now.scale),
    axisLoss("y", [top, bottom], [y1, y2], rows, now.scale),
  ];
}

function axisLoss(name, ends, region, bins, scale) {
  const box = [Math.min(...ends), Math.max(...ends)];
  const inBins = [bins[0][0], bins.at(-1)[1]]; // bins follow each other without gaps
  const length = ([start, end]) => end - start;
  const common = (a, b) => Math.max(Math.min(a[1], b[1]) - Math.max(a[0], b[0]), 0);
  const inPixels = (cells) => (scale === 1 ? "" : ` (${coordinate(cells / scale)} px)`);
  const told = (cells, what) => (cells > 0 ? [`${counted(cells, "cell")}${inPixels(cells)} ${what}`] : []);

  const first = [
    ...told(length(box) - common(box, region), "cut off"),
    ...told(length(region) - common(box, region), "added"),
  ];
  const sizes = bins.map(length);
  const even = length(region) / bins.length;
  const cells = Array.from({ length: length(inBins) }, (_, i) => inBins[0] + i);
  const isShared = (cell) => bins.filter(([start, end]) => start <= cell && cell < end).length > 1;
  const second = [
    ...told(cells.filter(isShared).length, "in more than one bin"),
    ...told(length(region) - length(inBins), "in no bin"),
  ];
  const read = common(box, inBins);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const instead = least === even && most === even ? "" : `, where ${words(even)} would be even`;
  return {
    axis: name,
    first:
      `${coordinate(length(box))} → ${counted(length(region), "cell")}: ` +
      (first.join(", ") || "nothing lost"),
    second:
      `bins of ${least === most ? "" : `${least} to `}${counted(most, "cell")}${instead}: ` +
      (second.join(", ") || "every cell in one bin"),
    read: `${coordinate(read)} of ${counted(length(box), "cell")}${inPixels(read)}`,
  };
}

// ------------------------------------------------------------------ align
function alignSentence([ph, pw], bin, mode) {
  const place = `${stretch("y", bin.rows)}, ${stretch("x", bin.columns)}`;
  const value = words(bin.value);
  if (bin.samples.length === 0) return `Bin (${ph}, ${pw}): an empty box has no samples and is ${value}.`;
  const samples = `${bin.countY}×${bin.countX} samples`;
  return `Bin (${ph}, ${pw}): ${place} in index coordinates; ${modeName(mode)} ${value} of ${samples}.`;
}

/** What align keeps, where pooling loses. */
function keptSentence(now) {
  const { rows, columns, countY, countX } = now.align[0][0];
  const size = `${coordinate(columns[1] - columns[0])} wide and ${coordinate(rows[1] - rows[0])} high`;
  const read = now.aligned
    ? "A cell's value stands at its centre, so half a cell is subtracted from the box."
    : "A cell's value stands at its upper left corner: the box is read half a cell further right and down.";
  return `Nothing is rounded: each bin is ${size}, with ${countY}×${countX} sample points. ${read}`;
}

const pointText = (sample) => `(${coordinate(sample.y)}, ${coordinate(sample.x)})`;

/** "(3.125, 0.375) = 0.546875 × 0.85 at (3, 0) + ... = 0.636094". */
function sampleSentence(sample, plane) {
  if (!sample.inside) return `${pointText(sample)} is outside: counts as 0`;
  const terms = sample.neighbours.map(([row, column], i) => {
    const value = words(plane[row][column]);
    return `${words(sample.weights[i])} × ${value} at (${row}, ${column})`;
  });
  return `${pointText(sample)} = ${terms.join(" + ")} = ${words(sample.value)}`;
}
