/* What the page shows: map, box, parameters. It stands in the address after the #: it can be linked. */

const DATA = JSON.parse(document.getElementById("data").textContent); // maps and conventions, from roikit
const FARTHEST = 64; // cells; no end of the box lies further out
const MOST_BINS = DATA.most_bins; // a side
const MODES = ["max", "avg"];
const CHOICES = {
  rounding: ["floor", "round_half_away", "round_half_even"],
  ends: ["exclusive", "inclusive"],
  split: ["disjoint", "overlap", "truncate"],
};
const CHOSEN = Object.keys(CHOICES);

const WORKED_EXAMPLE = {
  map: "course", seed: 1, box: [0, 3, 7, 8], scale: "1", size: [2, 2],
  convention: DATA.conventions.disjoint, poolMode: "max",
  aligned: true, ratio: 2, alignMode: "avg",
};

/** "1/32" or "0.5" -> number; NaN where it is no scale. */
function parseScale(text) {
  const parts = text.trim().split("/").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const value = parts.length === 2 ? parts[0] / parts[1] : parts.length === 1 ? parts[0] : NaN;
  return value > 0 && Number.isFinite(value) ? value : NaN;
}

function isWithinReach(box, scale) {
  return scale > 0 && box.every((end) => Number.isFinite(end) && Math.abs(end * scale) <= FARTHEST);
}

/** "caffe", or "custom" where the three choices are those of no convention with a name. */
function conventionName(convention) {
  const names = Object.keys(DATA.conventions);
  const isSame = (name) => CHOSEN.every((field) => DATA.conventions[name][field] === convention[field]);
  return names.find(isSame) ?? "custom";
}

/** Values in -1 .. 1 with two decimals, the same for the same seed. */
function randomMap(seed, H = 8, W = 8) {
  let number = seed;
  const next = () => {
    number = (Math.imul(number, 1664525) + 1013904223) >>> 0; // a linear congruential generator
    return Math.round((number / 2 ** 32) * 200 - 100) / 100;
  };
  for (let i = 0; i < 4; i++) next(); // the first numbers of small seeds are alike
  return Array.from({ length: H }, () => Array.from({ length: W }, next));
}

function planeOf(situation) {
  return situation.map === "random" ? randomMap(situation.seed) : DATA.maps[situation.map];
}

// ------------------------------------------------------------------ the address
function toHash(situation) {
  const name = conventionName(situation.convention);
  const choices = CHOSEN.map((field) => situation.convention[field]).join("-");
  const reading = situation.aligned ? "aligned" : "corner";
  const fields = {
    map: situation.map === "random" ? `random${situation.seed}` : situation.map,
    box: situation.box.join(","),
    scale: situation.scale,
    size: situation.size.join("x"),
    pool: `${name === "custom" ? choices : name},${situation.poolMode}`,
    align: `${reading},${situation.ratio || "adaptive"},${situation.alignMode}`,
  };
  return `#${Object.entries(fields).map(([name, value]) => `${name}=${value}`).join("&")}`;
}

/** The situation an address names; what it leaves out, or says wrongly, is as in the worked example. */
function fromHash(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const text = (name) => fields.get(name) ?? "";
  const read = {
    ...mapFrom(text("map")),
    ...boxFrom(text("box"), text("scale") || "1"),
    ...sizeFrom(text("size")),
    ...poolFrom(text("pool")),
    ...alignFrom(text("align")),
  };
  return { ...WORKED_EXAMPLE, ...read };
}

function sizeFrom(text) {
  const size = text.split("x").map(Number);
  const isCount = (bins) => Number.isInteger(bins) && bins >= 1 && bins <= MOST_BINS;
  return size.length === 2 && size.every(isCount) ? { size } : {};
}

function mapFrom(text) {
  const random = /^random(\d{1,9})$/.exec(text);
  if (random) return { map: "random", seed: Number(random[1]) };
  return Object.hasOwn(DATA.maps, text) ? { map: text } : {};
}

function boxFrom(text, scale) {
  const box = text.split(",").map((end) => (end.trim() === "" ? NaN : Number(end)));
  return box.length === 4 && isWithinReach(box, parseScale(scale)) ? { box, scale } : {};
}

function poolFrom(text) {
  const [name, mode] = text.split(",");
  const read = MODES.includes(mode) ? { poolMode: mode } : {};
  if (Object.hasOwn(DATA.conventions, name)) return { ...read, convention: DATA.conventions[name] };
  const choices = name.split("-");
  if (!CHOSEN.every((field, i) => CHOICES[field].includes(choices[i]))) return read;
  const [rounding, ends, split] = choices;
  return { ...read, convention: { ...WORKED_EXAMPLE.convention, rounding, ends, split } };
}

function alignFrom(text) {
  const [reading, ratio, mode] = text.split(",");
  return {
    ...(["aligned", "corner"].includes(reading) ? { aligned: reading === "aligned" } : {}),
    ...(/^[1-4]$/.test(ratio) ? { ratio: Number(ratio) } : ratio === "adaptive" ? { ratio: 0 } : {}),
    ...(MODES.includes(mode) ? { alignMode: mode } : {}),
  };
}

// ------------------------------------------------------------------ what follows from it
function poolAs(situation, convention, mode = situation.poolMode) {
  const scale = parseScale(situation.scale);
  return roiPool(planeOf(situation), [situation.box], situation.size, scale, convention, mode)[0];
}

function alignAs(situation, aligned, mode) {
  const ratios = [situation.ratio, situation.ratio];
  const scale = parseScale(situation.scale);
  return roiAlign(planeOf(situation), [situation.box], situation.size, scale, ratios, aligned, mode)[0];
}

/** Everything that is drawn and told. */
function follow(situation) {
  const scale = parseScale(situation.scale);
  return {
    ...situation,
    scale,
    plane: planeOf(situation),
    scaled: situation.box.map((end) => end * scale),
    region: quantizeRois([situation.box], scale, situation.convention)[0],
    pool: poolAs(situation, situation.convention),
    align: alignAs(situation, situation.aligned, situation.alignMode),
  };
}
