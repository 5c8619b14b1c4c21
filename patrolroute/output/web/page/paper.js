// The legend on the screen and on paper, and the sheet that is printed: the map as it is seen, and what is chosen.

const SHARPER = 3; // dots on paper for each dot on the screen

function sample(width, draw) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("width", width);
  picture.setAttribute("height", 20);
  for (const [tag, looks] of draw) {
    const part = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(looks)) part.setAttribute(name, value);
    picture.append(part);
  }
  return picture;
}

function stroke(colour, width, dash) {
  return ["line", { x1: 2, x2: 38, y1: 10, y2: 10, stroke: colour, "stroke-width": width, "stroke-dasharray": dash || "" }];
}

function legendRows() {
  const rows = [];
  const streets = night.tasks.filter((one) => one.line);
  const isAny = (is, required) => streets.some((one) => stateOf(one) === is && [one.required, undefined].includes(required));
  const priorities = [...new Set(streets.map(priorityOf))].sort().reverse();
  for (const one of priorities) {
    rows.push([[stroke(night.palette.tones[one], night.widths[one] * 1.3)], say("priority_street", { n: one + 1 })]);
  }
  for (const [colour, crews, dash] of crewsByColour()) {
    rows.push([[stroke(colour, 3, dash)], `${say("patrol_route")} ${crews}`]);
  }
  rows.push([[stroke(night.palette.teams[0], 1.5, "5 4")], words.kinds[KINDS.deadhead]]);
  rows.push([[stroke("#8f8fe8", 7)], say("trail")]);
  if (isAny("missed", true)) rows.push([[stroke(night.palette.missed, 2.4, "6 3")], say("missed_required")]);
  if (isAny("missed", false)) rows.push([[stroke(night.palette.missed, 1.2, "6 3")], say("missed_optional")]);
  if (isAny("short")) rows.push([[stroke(night.palette.missed, 2, "1 4")], say("short")]);
  const kinds = new Map(night.tasks.filter((one) => one.spot).map((one) => [one.category, one.kind]));
  for (const [category, kind] of kinds) rows.push([[markerSample(category, LOOKS.done)], kind]);
  const states = new Set(night.tasks.filter((one) => one.spot).map(stateOf));
  for (const is of ["done", "short", "missed"].filter((one) => states.has(one))) {
    rows.push([[markerSample("night_market", LOOKS[is])], say(`stop_${is}`)]);
  }
  const house = { d: "M13 17h14v-9l-7-6l-7 6z", fill: "white", stroke: night.palette.ink, "stroke-width": 2 };
  rows.push([[["path", house]], say("depot_start_end")]);
  return rows;
}

// Gives the colours of the shown crews and whose each is: a crew's while few are shown, else a team's.
function crewsByColour() {
  const look = ([crew, colour]) => [colour, night.crews[crew].name, isAgain(crew) ? AGAIN.join(" ") : ""];
  if (state.colours.size) return [...state.colours].map(look);
  const teams = [...new Set([...state.shown].map((crew) => night.crews[crew].team))];
  return teams.map((team) => [night.palette.teams[team % night.palette.teams.length], night.teams[team]]);
}

function markerSample(category, [fill, edge]) {
  const look = { fill, stroke: edge === "white" ? fill : edge, "stroke-width": 1.5 };
  const shapes = {
    circle: ["circle", { cx: 20, cy: 10, r: 7 }], triangle: ["path", { d: "M12 17h16l-8-14z" }],
    square: ["rect", { x: 13, y: 3, width: 14, height: 14 }], hex: ["path", { d: "M20 2l7 4v8l-7 4l-7-4v-8z" }],
    diamond: ["path", { d: "M20 2l7 8l-7 8l-7-8z" }],
  };
  const [tag, shape] = shapes[MARKERS[category] || "diamond"];
  return [tag, { ...shape, ...look }];
}

function legend() {
  const list = element("ul");
  for (const [draw, text] of legendRows()) {
    const row = element("li");
    row.append(sample(40, draw), element("span", text));
    list.append(row);
  }
  return list;
}

function showLegend() {
  const place = byId("tab-legend");
  place.textContent = "";
  const note = `${say("arrow")}${say("arrow_when", { n: FEW_CREWS })}`;
  place.append(legend(), element("p", note));
}

// Paints the map with so many dots a pixel while something is done with it.
function withDots(dots, use) {
  const own = Object.getOwnPropertyDescriptor(window, "devicePixelRatio");
  Object.defineProperty(window, "devicePixelRatio", { value: dots, configurable: true });
  repaint();
  try {
    use(bokeh.view.canvas_view.compose().canvas);
  } finally {
    Object.defineProperty(window, "devicePixelRatio", own);
    repaint();
  }
}

function repaint() {
  const { canvas_view: canvas } = bokeh.view;
  for (const layer of [canvas.primary, canvas.overlays]) layer.resize(canvas.bbox.width, canvas.bbox.height);
  bokeh.view.invalidate_painters();
  bokeh.view.paint();
}

// Copies the map onto the sheet, without the base layer where its tiles may not be copied.
function photograph() {
  const tiles = tileLayer();
  if (tiles) tiles.visible = mayCopy;
  withDots(SHARPER, (canvas) => {
    byId("paper-map").src = canvas.toDataURL("image/png");
  });
  if (tiles) tiles.visible = true;
}

function preparePaper() {
  photograph();
  const paper = byId("paper");
  paper.textContent = "";
  const shown = say("shown", { n: state.shown.size, all: night.crews.length });
  paper.append(element("p", `${say("positions_at", { time: clockText(state.second) })} · ${shown}`));
  paper.append(legend());
  if (state.chosen) {
    const detail = byId("tab-detail").cloneNode(true);
    detail.removeAttribute("id");
    detail.hidden = false;
    detail.className = "detail";
    for (const button of detail.querySelectorAll("button")) button.remove();
    paper.append(detail);
  }
}
