/* The page: controls in, pictures, tables and sentences out. */

const MOST_LISTED = 16; // samples of a bin with a line of their own
const REMEMBER_AFTER = 250; // ms; browsers refuse addresses that change too often
const NEAR = 0.3; // cells

const $ = (id) => document.getElementById(id);
let situation = fromHash(location.hash);
let asked = [0, 0]; // a place in the output
let point = null; // the number of a sample of that bin
let remembering = 0;

function change(fields) {
  situation = { ...situation, ...fields };
  render();
  clearTimeout(remembering);
  remembering = setTimeout(() => history.replaceState(null, "", toHash(situation)), REMEMBER_AFTER);
}

function ask(place, sample = null) {
  if (place[0] === asked[0] && place[1] === asked[1] && sample === point) return;
  [asked, point] = [place, sample];
  render();
}

/** html("td", { class: "x" }, "text") -> element. */
function html(name, attributes = {}, ...children) {
  const element = set(document.createElement(name), attributes);
  element.append(...children);
  return element;
}

// ------------------------------------------------------------------ controls
const ENDS = ["x1", "y1", "x2", "y2"];

function readBox() {
  const box = ENDS.map((name) => ($(name).value.trim() === "" ? NaN : Number($(name).value)));
  const scale = $("scale").value;
  const isRight = isWithinReach(box, parseScale(scale));
  $("box-error").hidden = isRight;
  for (const name of [...ENDS, "scale"]) $(name).setAttribute("aria-invalid", String(!isRight));
  if (isRight) change({ box, scale });
}

function readConvention() {
  const chosen = Object.fromEntries(CHOSEN.map((field) => [field, $(field).value]));
  change({ convention: { ...situation.convention, ...chosen } });
}

function listenToControls() {
  for (const name of [...ENDS, "scale"]) {
    $(name).addEventListener("input", readBox);
    $(name).addEventListener("change", () => { if ($("box-error").hidden) showControls(); });
  }
  for (const field of CHOSEN) $(field).addEventListener("change", readConvention);
  const on = (id, fields) => $(id).addEventListener("change", (event) => change(fields(event.target.value)));
  on("map", (map) => ({ map }));
  on("PH", (bins) => ({ size: [Number(bins), situation.size[1]] }));
  on("PW", (bins) => ({ size: [situation.size[0], Number(bins)] }));
  on("convention", (name) => (name === "custom" ? {} : { convention: DATA.conventions[name] }));
  on("pool-mode", (poolMode) => ({ poolMode }));
  on("aligned", (aligned) => ({ aligned: aligned === "true" }));
  on("ratio", (ratio) => ({ ratio: Number(ratio) }));
  on("align-mode", (alignMode) => ({ alignMode }));
  $("another").addEventListener("click", () => change({ map: "random", seed: situation.seed + 1 }));
  $("controls").addEventListener("submit", (event) => event.preventDefault());
}

function showControls() {
  const values = {
    map: situation.map, scale: situation.scale, PH: situation.size[0], PW: situation.size[1],
    convention: conventionName(situation.convention), "pool-mode": situation.poolMode,
    aligned: situation.aligned, ratio: situation.ratio, "align-mode": situation.alignMode,
  };
  for (const field of CHOSEN) values[field] = situation.convention[field];
  ENDS.forEach((name, i) => { values[name] = coordinate(situation.box[i]); });
  for (const [id, value] of Object.entries(values)) {
    if ($(id) !== document.activeElement || $(id).tagName === "SELECT") $(id).value = String(value);
  }
  $("another").hidden = situation.map !== "random";
  for (const link of document.querySelectorAll("#presets a")) {
    const isHere = toHash(fromHash(link.hash)) === toHash(situation);
    link.setAttribute("aria-current", String(isHere));
  }
}

// ------------------------------------------------------------------ outputs
function onPointing(button, listener) {
  for (const event of ["pointerenter", "focus", "click"]) button.addEventListener(event, listener);
}

/** Numbers of bins as a table of buttons; made anew only when the size changes, so that focus stays. */
function showOutput(table, bins) {
  const [PH, PW] = [bins.length, bins[0].length];
  if (table.dataset.size !== `${PH}x${PW}`) makeOutput(table, PH, PW);
  const decimals = outputDecimals(bins.flat().map(({ value }) => value));
  table.querySelectorAll("button").forEach((button, i) => {
    const [ph, pw] = [Math.floor(i / PW), i % PW];
    button.textContent = fixed(bins[ph][pw].value, decimals);
    button.title = String(bins[ph][pw].value);
    button.setAttribute("aria-pressed", String(ph === asked[0] && pw === asked[1]));
  });
}

function makeOutput(table, PH, PW) {
  table.dataset.size = `${PH}x${PW}`;
  const numbers = Array.from({ length: PW }, (_, pw) => html("th", { scope: "col" }, String(pw)));
  const rows = Array.from({ length: PH }, (_, ph) => {
    const cells = Array.from({ length: PW }, (_, pw) => {
      const button = html("button", { type: "button", class: binColour([ph, pw]) });
      onPointing(button, () => ask([ph, pw]));
      return html("td", {}, button);
    });
    return html("tr", {}, html("th", { scope: "row" }, String(ph)), ...cells);
  });
  table.replaceChildren(html("tr", {}, html("td"), ...numbers), ...rows);
}

/** The maximum is marked where there is one. */
function showLegend(id, mode) {
  $(`${id}-output`).parentElement.querySelector(".of-max").hidden = mode !== "max";
}

/** A line for each sample of the asked bin: its four neighbours and weights on demand. */
function showSamples(now) {
  const { samples } = now.align[asked[0]][asked[1]];
  const list = $("samples");
  const listed = samples.slice(0, MOST_LISTED);
  while (list.children.length > listed.length) list.lastChild.remove();
  while (list.children.length < listed.length) {
    const i = list.children.length;
    const button = html("button", { type: "button" });
    onPointing(button, () => ask(asked, i));
    list.append(html("li", {}, button));
  }
  listed.forEach((sample, i) => {
    const button = list.children[i].firstChild;
    const value = sample.inside ? words(sample.value) : "0, outside";
    button.textContent = `${pointText(sample)} → ${value}`;
    button.setAttribute("aria-pressed", String(i === point));
  });
  const left = samples.length - listed.length;
  $("more-samples").textContent = left > 0 ? `and ${left} more` : "";
  const told = samples[point ?? 0];
  $("sample").textContent = told ? `Sample point (y, x) = ${sampleSentence(told, now.plane)}.` : "";
}

function showLoss(now) {
  const rows = lossSentences(now).map(({ axis, first, second, read }) => {
    const cells = [first, second, read].map((sentence) => html("td", {}, sentence));
    return html("tr", {}, html("th", { scope: "row" }, axis), ...cells);
  });
  $("loss").replaceChildren(...rows);
}

// ------------------------------------------------------------------ side by side
const USERS = {
  caffe: "Caffe, torchvision, ONNX",
  disjoint: "the worked example",
  truncate: "whole bins, the rest dropped",
};

function variants(now) {
  const name = conventionName(now.convention);
  const pooled = Object.entries(DATA.conventions).map(([title, convention]) => ({
    kind: "pool", title, users: USERS[title], isShown: title === name,
    bins: poolAs(situation, convention), fields: { convention },
  }));
  const aligned = [true, false].flatMap((aligned) => MODES.map((alignMode) => ({
    kind: "align", title: `${aligned ? "aligned" : "not aligned"}, ${modeName(alignMode)}`,
    users: aligned ? "values at centres" : "values at corners",
    isShown: aligned === now.aligned && alignMode === now.alignMode,
    bins: alignAs(situation, aligned, alignMode), fields: { aligned, alignMode },
  })));
  return [...pooled, ...aligned];
}

function showVariants(now) {
  const all = variants(now);
  const focused = document.activeElement.dataset.variant; // the cards are made anew
  for (const kind of ["pool", "align"]) {
    const ofKind = all.filter((variant) => variant.kind === kind);
    const values = ofKind.flatMap(({ bins }) => bins.flat().map(({ value }) => value));
    const decimals = outputDecimals(values);
    const cards = ofKind.map((variant) => variantCard(variant, now[kind], decimals));
    $(`${kind}-variants`).replaceChildren(...cards);
  }
  if (focused) document.querySelector(`[data-variant="${focused}"]`).focus();
}

function variantCard({ title, users, bins, isShown, fields }, shown, decimals) {
  const isApart = (value, other) => Math.abs(value - other) > 1e-9;
  const differs = bins.map((row, ph) => row.map((bin, pw) => isApart(bin.value, shown[ph][pw].value)));
  const rows = bins.map((row, ph) => {
    const cells = row.map((bin, pw) => variantCell(fixed(bin.value, decimals), differs[ph][pw], [ph, pw]));
    return html("tr", {}, ...cells);
  });
  const pressed = { "aria-pressed": String(isShown), "data-variant": title };
  const button = html("button", { type: "button", ...pressed }, title);
  button.addEventListener("click", () => change(fields));
  const count = differs.flat().filter(Boolean).length;
  const some = count === 0 ? "no cell differs" : `${count} of ${differs.flat().length} differ`;
  return html(
    "figure", { class: isShown ? "shown" : "" },
    html("figcaption", {}, button, html("small", {}, users)),
    html("table", {}, ...rows),
    html("small", {}, isShown ? "shown above" : some),
  );
}

function variantCell(text, differs, [ph, pw]) {
  const classes = [...(differs ? ["differs"] : []), ...(ph === asked[0] && pw === asked[1] ? ["asked"] : [])];
  const mark = differs ? [html("span", { class: "mark", title: "differs from the picture" }, "≠")] : [];
  return html("td", { class: classes.join(" ") }, ...mark, text);
}

// ------------------------------------------------------------------ pictures
function makePanel(id) {
  const drawing = $(`${id}-map`);
  const [picture, layer] = [svg("g"), svg("g")];
  drawing.append(picture, layer);
  const current = () => {
    const now = follow(situation);
    return { view: frame(now.plane), box: now.scaled };
  };
  const grips = new Grips(drawing, layer, current, (box) => {
    const scale = parseScale(situation.scale);
    change({ box: box.map((end) => Number((end / scale).toPrecision(12))) });
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!grips.hold) askAt(id, grips.cellsAt(event));
  });
  return { picture, grips };
}

/** The bin, or the sample point, under the pointer. */
function askAt(id, [x, y]) {
  const bins = follow(situation)[id];
  const half = id === "align" ? 0.5 : 0;
  if (id === "align") {
    const near = nearestSample(bins, x - half, y - half);
    if (near) return ask(near.place, near.i);
  }
  const holds = ([start, end], at) => start + half <= at && at < end + half;
  const ph = bins.findIndex((row) => row.some((bin) => holds(bin.rows, y) && holds(bin.columns, x)));
  if (ph < 0) return undefined;
  const pw = bins[ph].findIndex((bin) => holds(bin.rows, y) && holds(bin.columns, x));
  return ask([ph, pw]);
}

function nearestSample(bins, x, y) {
  let nearest = null;
  bins.forEach((row, ph) => row.forEach((bin, pw) => bin.samples.forEach((sample, i) => {
    const distance = Math.hypot(sample.x - x, sample.y - y);
    if (distance < (nearest?.distance ?? NEAR)) nearest = { place: [ph, pw], i, distance };
  })));
  return nearest;
}

// ------------------------------------------------------------------ all of it
function render() {
  const now = follow(situation);
  asked = [Math.min(asked[0], now.size[0] - 1), Math.min(asked[1], now.size[1] - 1)];
  const [pooled, aligned] = [now.pool[asked[0]][asked[1]], now.align[asked[0]][asked[1]]];
  if (point !== null && point >= aligned.samples.length) point = null;
  const view = frame(now.plane);
  panels.pool.picture.replaceChildren(...drawPool(view, now, asked));
  panels.align.picture.replaceChildren(...drawAlign(view, now, asked, point));
  for (const { grips } of Object.values(panels)) grips.place();
  showControls();
  showOutput($("pool-output"), now.pool);
  showOutput($("align-output"), now.align);
  $("pool-box").textContent = boxSentence(now);
  $("pool-bin").textContent = poolSentence(asked, pooled, now.poolMode);
  $("align-bin").textContent = alignSentence(asked, aligned, now.alignMode);
  $("align-box").textContent = keptSentence(now);
  showLegend("pool", now.poolMode);
  showLegend("align", now.alignMode);
  showLoss(now);
  showSamples(now);
  showVariants(now);
}

const panels = { pool: makePanel("pool"), align: makePanel("align") };
listenToControls();
render();
window.addEventListener("hashchange", () => {
  clearTimeout(remembering);
  [situation, point] = [fromHash(location.hash), null];
  render();
});
