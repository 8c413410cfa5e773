/* The box as something to take hold of, by its body, sides and corners: with mouse, touch, pen or keys. */

const STEP = 1 / 8; // cells
const SMALLEST_GRASP = 1.3; // cells; the grips of a smaller box stand apart from it
const SIDES = { w: "left", e: "right", n: "top", s: "bottom" };
const CORNERS = { nw: "top left", ne: "top right", sw: "bottom left", se: "bottom right" };
const KEYS_HELP = "arrow keys move it by an eighth of a cell, with Shift by a cell";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Which of x1, y1, x2, y2 a grip moves. */
function movesEnd(grip) {
  const isMoved = (letter) => grip === "body" || grip.includes(letter);
  return ["w", "n", "e", "s"].map(isMoved);
}

/** The box after a grip has been pulled by (dx, dy) cells; whole eighths, unless it is free. */
function pulled(box, grip, [dx, dy], isFree) {
  const rounded = (value) => (isFree ? Math.round(value * 100) / 100 : Math.round(value / STEP) * STEP);
  const by = [dx, dy, dx, dy];
  if (grip === "body") return box.map((end, i) => end + rounded(by[i]));
  const moved = box.map((end, i) => (movesEnd(grip)[i] ? rounded(end + by[i]) : end));
  if (moved[2] < moved[0]) grip.includes("w") ? (moved[0] = moved[2]) : (moved[2] = moved[0]);
  if (moved[3] < moved[1]) grip.includes("n") ? (moved[1] = moved[3]) : (moved[3] = moved[1]);
  return moved;
}

/** The box no further out than what is in view; the body keeps its size. */
function kept(box, grip, { H, W }) {
  const [low, high] = [-AROUND, [W + AROUND, H + AROUND]];
  const inView = (end, i) => Math.min(Math.max(end, low), high[i % 2]);
  if (grip !== "body") return box.map((end, i) => (movesEnd(grip)[i] ? inView(end, i) : end));
  const back = [0, 1].map((axis) => {
    const over = Math.max(box[axis + 2] - high[axis], 0);
    const under = Math.max(low - box[axis], 0);
    return over > 0 && under > 0 ? 0 : under - over;
  });
  return box.map((end, i) => end + back[i % 2]);
}

/** A box without size, at the eighth of a cell next to a place. */
function emptyBox([x, y]) {
  return [x, y, x, y].map((end) => Math.round(end / STEP) * STEP);
}

function makeGrip(name, label) {
  const knob = [svg("circle", { r: 10, class: "reach" }), svg("circle", { r: 4.5, class: "knob" })];
  const look = { "data-grip": name, class: `grip ${name}` };
  const use = { tabindex: 0, role: "button", "aria-label": `the box, ${label}; ${KEYS_HELP}` };
  return svg("g", { ...look, ...use }, ...(name === "body" ? [svg("rect")] : knob));
}

/** Grips on a drawing. `current()` is { view, box }, the box in cells; `move(box)` is told of a new one. */
class Grips {
  constructor(drawing, layer, current, move) {
    Object.assign(this, { drawing, current, move, grips: new Map() });
    this.hold = null; // { grip, from, box, isMoved }: what has been taken hold of, and where
    for (const [name, label] of Object.entries({ body: "whole", ...SIDES, ...CORNERS })) {
      const grip = makeGrip(name, label);
      grip.addEventListener("keydown", (event) => this.pullByKey(event, name));
      // Else a finger scrolls the page.
      grip.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
      this.grips.set(name, grip);
      layer.append(grip);
    }
    drawing.addEventListener("pointerdown", (event) => this.take(event));
    drawing.addEventListener("pointermove", (event) => this.pull(event));
    drawing.addEventListener("pointerup", (event) => this.letGo(event));
    drawing.addEventListener("pointercancel", () => { this.hold = null; });
  }

  cellsAt(event) {
    const toDrawing = this.drawing.getScreenCTM().inverse();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(toDrawing);
    const { view } = this.current();
    return [view.back(point.x), view.back(point.y)];
  }

  pullByKey(event, name) {
    const arrow = ARROWS[event.key];
    if (!arrow || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { view, box } = this.current();
    const step = event.shiftKey ? 1 : STEP;
    this.move(kept(pulled(box, name, arrow.map((way) => way * step), false), name, view));
  }

  take(event) {
    const grip = event.target.closest("[data-grip]");
    if (event.button !== 0 || (!grip && event.pointerType === "touch")) return; // which scrolls the page
    const { box } = this.current();
    this.hold = { grip: grip?.dataset.grip ?? "new", from: this.cellsAt(event), box, isMoved: false };
    this.drawing.setPointerCapture(event.pointerId);
    if (grip) grip.focus({ preventScroll: true });
    event.preventDefault();
  }

  pull(event) {
    if (!this.hold) return;
    const to = this.cellsAt(event);
    const by = [to[0] - this.hold.from[0], to[1] - this.hold.from[1]];
    const isFar = Math.hypot(...by) > (this.hold.grip === "new" ? 2 * STEP : 0);
    if (!isFar && !this.hold.isMoved) return; // a click
    this.hold.isMoved = true;
    if (this.hold.grip === "new") {
      this.hold.grip = `${by[1] < 0 ? "n" : "s"}${by[0] < 0 ? "w" : "e"}`;
      this.hold.box = emptyBox(this.hold.from);
    }
    const { grip, box } = this.hold;
    this.move(kept(pulled(box, grip, by, event.shiftKey), grip, this.current().view));
  }

  letGo(event) {
    this.pull(event);
    this.hold = null;
  }

  place() {
    placeGrips(this.grips, this.current());
  }
}

function placeGrips(grips, { view, box }) {
  const clamp = (value, high) => Math.min(Math.max(value, -AROUND + 0.12), high + AROUND - 0.12); // in view
  const [x1, x2] = apart(Math.min(box[0], box[2]), Math.max(box[0], box[2])).map((x) => clamp(x, view.W));
  const [y1, y2] = apart(Math.min(box[1], box[3]), Math.max(box[1], box[3])).map((y) => clamp(y, view.H));
  for (const [name, grip] of grips) {
    if (name === "body") {
      setRect(grip.firstChild, view, [x1, y1, x2, y2]); // the same element, or a finger on it would lose it
      continue;
    }
    const x = name.includes("w") ? x1 : name.includes("e") ? x2 : (x1 + x2) / 2;
    const y = name.includes("n") ? y1 : name.includes("s") ? y2 : (y1 + y2) / 2;
    grip.setAttribute("transform", `translate(${view.at(x).toFixed(2)} ${view.at(y).toFixed(2)})`);
  }
}

function apart(low, high) {
  const more = Math.max(SMALLEST_GRASP - (high - low), 0) / 2;
  return [low - more, high + more];
}
