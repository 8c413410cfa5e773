/* The map, and over it boxes, bins and sample points: colours and lines as in roikit's other pictures.

   A cell (row y, column x) covers [x, x+1) × [y, y+1); its value stands in the middle, so index coordinates
   are drawn half a cell further right and down. One ring of cells beyond the map's border is in view. */

const SIDE = 400; // units of the drawing
const AROUND = 1; // cells beyond the border
const NUMBERED = 24; // units; in smaller cells no values are written
const MOST_SPOKES = 16; // samples of a bin with lines to their neighbours
const MANY_BINS = 16;
const MOST_OTHER_POINTS = 150;
const COLOURS = ["blue", "orange", "green", "purple"];

/** Four colours, such that no two bins that touch share one. */
const binColour = ([ph, pw]) => COLOURS[(ph % 2) * 2 + (pw % 2)];

/** svg("rect", { x: 1, "stroke-width": 2 }) -> element. */
function svg(name, attributes = {}, ...children) {
  const element = set(document.createElementNS("http://www.w3.org/2000/svg", name), attributes);
  element.append(...children);
  return element;
}

function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    const written = typeof value === "number" ? Number(value.toFixed(2)) : value;
    if (value !== undefined) element.setAttribute(key, written);
  }
  return element;
}

/** From cells to units of the drawing. */
function frame(plane) {
  const cells = Math.max(plane.length, plane[0].length) + 2 * AROUND;
  const cell = SIDE / cells;
  const at = (place) => (place + AROUND) * cell;
  return { cell, at, H: plane.length, W: plane[0].length, back: (units) => units / cell - AROUND };
}

function rect(view, box, attributes, inset = 0) {
  return setRect(svg("rect", attributes), view, box, inset);
}

function setRect(element, view, [left, top, right, bottom], inset = 0) {
  const [x1, x2] = [Math.min(left, right), Math.max(left, right)];
  const [y1, y2] = [Math.min(top, bottom), Math.max(top, bottom)];
  return set(element, {
    x: view.at(x1) + inset,
    y: view.at(y1) + inset,
    width: Math.max((x2 - x1) * view.cell - 2 * inset, 0),
    height: Math.max((y2 - y1) * view.cell - 2 * inset, 0),
  });
}

// ------------------------------------------------------------------ the map
/** How much of the darkest shade a value has; the middle of the scale is kept light. */
function shade(value, low, high) {
  const place = high > low ? (value - low) / (high - low) : 0.3;
  return place < 0.5 ? place * 0.8 : 0.4 + (place - 0.5) * 1.2;
}

function drawCells(view, plane) {
  const low = Math.min(...plane.flat());
  const high = Math.max(...plane.flat());
  const group = svg("g");
  let hatching = ""; // what lies off the map
  for (let y = -AROUND; y < view.H + AROUND; y++) {
    for (let x = -AROUND; x < view.W + AROUND; x++) {
      const isOnMap = y >= 0 && x >= 0 && y < view.H && x < view.W;
      const opacity = isOnMap ? shade(plane[y][x], low, high) : undefined;
      const look = { class: isOnMap ? "cell" : "off", "fill-opacity": opacity };
      group.append(rect(view, [x, y, x + 1, y + 1], look));
      if (!isOnMap) hatching += `M${view.at(x)} ${view.at(y + 1)}L${view.at(x + 1)} ${view.at(y)}`;
    }
  }
  const paper = rect(view, [0, 0, view.W, view.H], { class: "paper" });
  const border = rect(view, [0, 0, view.W, view.H], { class: "border" });
  return svg("g", {}, paper, group, svg("path", { d: hatching, class: "hatching" }), border);
}

function drawAxes(view) {
  const step = view.cell >= NUMBERED ? 1 : 5;
  const group = svg("g", { class: "axes" });
  const last = { x: view.at(-0.42), y: view.at(-0.32) };
  for (let i = 0; i < view.W; i += step) {
    group.append(svg("text", { x: view.at(i + 0.5), y: last.y }, String(i)));
  }
  for (let i = 0; i < view.H; i += step) {
    group.append(svg("text", { x: last.x, y: view.at(i + 0.5) + 4 }, String(i)));
  }
  if (step === 1) group.append(svg("text", { x: last.x, y: last.y, class: "names" }, "y, x"));
  return group;
}

/** In the middle of each cell; in the first corner without a sample point where the middles are needed. */
function drawNumbers(view, plane, dots, ringed) {
  const group = svg("g", { class: dots ? "numbers corner" : "numbers" });
  if (view.cell < NUMBERED) return group;
  const decimals = mapDecimals(plane);
  plane.forEach((row, y) => row.forEach((value, x) => {
    const text = fixed(value, decimals);
    const middle = [0.5 * view.cell, 0.5 * view.cell + 4.5];
    const [left, baseline] = dots ? freeCorner(view, y, x, text, dots) : middle;
    const isRinged = ringed && ringed[0] === y && ringed[1] === x;
    const place = { x: view.at(x) + left, y: view.at(y) + baseline };
    group.append(svg("text", { ...place, class: isRinged ? "ringed" : undefined }, text));
  }));
  return group;
}

function freeCorner(view, y, x, text, dots) {
  const width = text.length * 5.6;
  const [near, far, high, low] = [3.5, view.cell - width - 2.5, 12, view.cell - 4];
  const isFree = ([left, baseline]) => !dots.some((dot) => {
    const [dx, dy] = [view.at(dot.x + 0.5) - view.at(x) - left, view.at(dot.y + 0.5) - view.at(y) - baseline];
    return dx > -4 && dx < width + 4 && dy > -13 && dy < 4;
  });
  return [[near, high], [far, high], [near, low], [far, low]].find(isFree) ?? [near, high];
}

// ------------------------------------------------------------------ pooling
/** `asked` is a place in the output. */
function drawPool(view, now, asked) {
  const bins = now.pool.flatMap((row, ph) => row.map((bin, pw) => ({ bin, place: [ph, pw] })));
  const boxOf = ({ bin }) => [bin.columns[0], bin.rows[0], bin.columns[1], bin.rows[1]];
  // Bins that share cells share stretches of their edges too: every other one is drawn further in.
  const insetOf = ({ place }) => (0.05 + 0.06 * ((place[0] + place[1]) % 2)) * view.cell;
  const chosen = bins.find(({ place }) => place[0] === asked[0] && place[1] === asked[1]);
  const isQuantized = now.scaled.some((end, i) => end !== now.region[i]);
  return [
    drawCells(view, now.plane),
    drawAxes(view),
    drawBins(view, bins, chosen, boxOf, insetOf),
    rect(view, now.region, { class: "region" }),
    ...(isQuantized ? drawDashed(view, now.scaled) : []),
    ...drawAsked(view, chosen, boxOf, insetOf),
    drawRings(view, bins, chosen),
    drawNumbers(view, now.plane, null, chosen.bin.argmax),
  ];
}

function drawBins(view, bins, chosen, boxOf, insetOf) {
  const group = svg("g", { class: bins.length > MANY_BINS ? "bins many" : "bins" });
  for (const one of bins) {
    const [left, top, right, bottom] = boxOf(one);
    const isEmpty = right <= left || bottom <= top;
    if (one === chosen || isEmpty) continue;
    group.append(rect(view, boxOf(one), { class: `bin ${binColour(one.place)}` }, insetOf(one)));
  }
  return group;
}

function drawAsked(view, chosen, boxOf, insetOf) {
  const [left, top, right, bottom] = boxOf(chosen);
  if (right <= left || bottom <= top) return [];
  const box = boxOf(chosen);
  return [
    rect(view, box, { class: "halo" }, insetOf(chosen)),
    rect(view, box, { class: `bin asked ${binColour(chosen.place)}` }, insetOf(chosen)),
  ];
}

function drawDashed(view, box) {
  return [rect(view, box, { class: "halo thin" }), rect(view, box, { class: "region dashed" })];
}

/** Around the maximum of each bin; of many bins, of the asked one alone. */
function drawRings(view, bins, chosen) {
  const group = svg("g", { class: "rings" });
  for (const one of bins.length > MANY_BINS ? [chosen] : bins) {
    if (!one.bin.argmax) continue;
    const [y, x] = one.bin.argmax;
    const middle = { cx: view.at(x + 0.5), cy: view.at(y + 0.5), r: 0.42 * view.cell };
    const kind = one === chosen ? "ring" : "ring other";
    group.append(svg("circle", { ...middle, class: `${kind} ${binColour(one.place)}` }));
  }
  return group;
}

// ------------------------------------------------------------------ align
/** `point` is the number of a sample of the asked bin, or null. */
function drawAlign(view, now, asked, point) {
  const half = (box) => box.map((end) => end + 0.5); // from index coordinates to those of the picture
  const bins = now.align.flatMap((row, ph) => row.map((bin, pw) => ({ bin, place: [ph, pw] })));
  const boxOf = ({ bin }) => half([bin.columns[0], bin.rows[0], bin.columns[1], bin.rows[1]]);
  const chosen = bins.find(({ place }) => place[0] === asked[0] && place[1] === asked[1]);
  const [first, last] = [bins[0].bin, bins.at(-1).bin];
  const read = half([first.columns[0], first.rows[0], last.columns[1], last.rows[1]]);
  const others = bins.filter((one) => one !== chosen);
  const count = others.reduce((sum, { bin }) => sum + bin.samples.length, 0);
  const shown = count > MOST_OTHER_POINTS ? [] : others; // they would hide the asked bin
  const dots = [...shown, chosen].flatMap(({ bin }) => bin.samples);
  const sample = point === null ? undefined : chosen.bin.samples[point];
  const size = dotSize(view, now, bins.length * first.samples.length);
  return [
    drawCells(view, now.plane),
    drawAxes(view),
    drawBins(view, bins, chosen, boxOf, () => 1),
    rect(view, read, { class: "region" }),
    ...(now.aligned ? [] : drawDashed(view, now.scaled)),
    ...drawAsked(view, chosen, boxOf, () => 1),
    ...(sample?.inside ? drawAreas(view, sample) : []),
    drawNumbers(view, now.plane, dots, null),
    drawMiddles(view),
    svg("g", { class: "points others" }, ...shown.flatMap((one) => drawDots(view, one, size))),
    ...(sample ? [] : [drawSpokes(view, chosen)]),
    svg("g", { class: "points" }, ...drawDots(view, chosen, size, point)),
    ...(now.alignMode === "max" ? drawMostSample(view, chosen, size) : []),
    ...(sample?.inside ? [drawWeights(view, sample)] : []),
  ];
}

function drawMiddles(view) {
  const group = svg("g", { class: "middles" });
  if (view.cell < NUMBERED) return group;
  for (let y = 0; y < view.H; y++) {
    for (let x = 0; x < view.W; x++) {
      group.append(svg("circle", { cx: view.at(x + 0.5), cy: view.at(y + 0.5), r: 1.4 }));
    }
  }
  return group;
}

/** Smaller where dots are crowded: no wider than a third of the way from one to the next. */
function dotSize(view, now, count) {
  const [x1, y1, x2, y2] = now.scaled;
  const apart = view.cell * Math.sqrt(Math.abs((x2 - x1) * (y2 - y1)) / Math.max(count, 1));
  return Math.max(Math.min(view.cell / 9, apart / 5, 4.5), 1.2);
}

function drawDots(view, { bin, place }, size, point = null) {
  return bin.samples.map((sample, i) => svg("circle", {
    cx: view.at(sample.x + 0.5),
    cy: view.at(sample.y + 0.5),
    r: i === point ? size * 1.4 : size,
    class: `dot ${binColour(place)}${sample.inside ? "" : " outside"}`,
  }));
}

/** A ring around the sample that is the maximum. */
function drawMostSample(view, { bin, place }, size) {
  const most = bin.samples.find(({ value }) => value === bin.value);
  if (!most) return [];
  const middle = { cx: view.at(most.x + 0.5), cy: view.at(most.y + 0.5) };
  return [svg("circle", { ...middle, r: size + 4, class: `ring ${binColour(place)}` })];
}

function drawSpokes(view, { bin, place }) {
  const group = svg("g", { class: `spokes ${binColour(place)}` });
  if (bin.samples.length > MOST_SPOKES) return group;
  for (const sample of bin.samples.filter(({ inside }) => inside)) {
    const [x1, y1] = [view.at(sample.x + 0.5), view.at(sample.y + 0.5)];
    for (const [row, column] of sample.neighbours) {
      group.append(svg("line", { x1, y1, x2: view.at(column + 0.5), y2: view.at(row + 0.5) }));
    }
  }
  return group;
}

/** The four rectangles around a point, each in the colour of the neighbour that lies diagonally opposite. */
function drawAreas(view, sample) {
  const [[top, left], , , [bottom, right]] = sample.neighbours;
  const [, topRight, bottomLeft, bottomRight] = sample.weights;
  const y = top + bottomLeft + bottomRight; // the point, clamped to the map
  const x = left + topRight + bottomRight;
  const areas = [[x, y, right, bottom], [left, y, x, bottom], [x, top, right, y], [left, top, x, y]];
  return areas.map((box, i) => rect(view, box.map((end) => end + 0.5), { class: `area ${COLOURS[i]}` }));
}

/** A ring at each neighbour, and its weight beside it, away from the point. */
function drawWeights(view, sample) {
  const group = svg("g", { class: "weights" });
  sample.neighbours.forEach(([row, column], i) => {
    const isRepeated = sample.neighbours.findIndex(([y, x]) => y === row && x === column) < i;
    if (isRepeated) return;
    const [cx, cy] = [view.at(column + 0.5), view.at(row + 0.5)];
    const here = sample.neighbours.map(([y, x], j) => (y === row && x === column ? sample.weights[j] : 0));
    const weight = here.reduce((sum, part) => sum + part, 0); // at the border a cell is neighbour twice
    const [above, before] = [i < 2, i % 2 === 0];
    const place = { x: cx + (before ? -6 : 6), y: cy + (above ? -6 : 14), class: before ? "end" : "start" };
    group.append(svg("circle", { cx, cy, r: 4.5, class: `ring ${COLOURS[i]}` }));
    group.append(svg("text", place, `×\u202f${fixed(weight, 3)}`));
  });
  return group;
}
