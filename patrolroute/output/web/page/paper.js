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
  const has = (is, required) => night.tasks.some((one) => one.line && stateOf(one) === is && (required === undefined || one.required === required));
  const priorities = [...new Set(night.tasks.filter((one) => one.line).map(priorityOf))].sort().reverse();
  for (const one of priorities) {
    rows.push([[stroke(night.palette.tones[one], night.widths[one] * 1.3)], say("priority_n", { n: one + 1 })]);
  }
  rows.push([[stroke(night.palette.teams[0], 3)], say("stripes")]);
  rows.push([[stroke(night.palette.teams[0], 1.5, "5 4")], say("dashes")]);
  rows.push([[stroke("#8f8fe8", 7)], say("trail")]);
  if (has("missed", true)) rows.push([[stroke(night.palette.missed, 2.4, "6 3")], say("missed_required")]);
  if (has("missed", false)) rows.push([[stroke(night.palette.missed, 1.2, "6 3")], say("missed")]);
  if (has("short")) rows.push([[stroke(night.palette.missed, 2, "1 4")], say("short")]);
  const kinds = new Map(night.tasks.filter((one) => one.spot).map((one) => [one.category, one.kind]));
  for (const [category, kind] of kinds) rows.push([[markerSample(category, LOOKS.done)], kind]);
  for (const is of ["done", "short", "missed"]) {
    if (night.tasks.some((one) => one.spot && stateOf(one) === is)) rows.push([[markerSample("night_market", LOOKS[is])], say(`stop_${is}`)]);
  }
  rows.push([[["path", { d: "M13 17h14v-9l-7-6l-7 6z", fill: "white", stroke: "#1a1a1a", "stroke-width": 2 }]], say("depot")]);
  return rows;
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
  const note = `${say("arrow")}${say("arrow_when", { n: FEW_CREWS })}`;
  byId("tab-legend").append(legend(), element("p", note));
}

// Draws the map once more with more dots, as an image that paper can scale.
function photograph() {
  const canvases = [];
  const collect = (node) => {
    if (node.tagName === "CANVAS") canvases.push(node);
    if (node.shadowRoot) [...node.shadowRoot.children].forEach(collect);
    [...node.children].forEach(collect);
  };
  collect(byId("map"));
  const { inner_width: width, inner_height: height } = bokeh.plot;
  const whole = document.createElement("canvas");
  whole.width = Math.max(...canvases.map((one) => one.width), width);
  whole.height = Math.max(...canvases.map((one) => one.height), height);
  const context = whole.getContext("2d");
  for (const canvas of canvases) context.drawImage(canvas, 0, 0, whole.width, whole.height);
  byId("paper-map").src = whole.toDataURL("image/png");
}

function preparePaper() {
  photograph();
  const paper = byId("paper");
  paper.textContent = "";
  paper.append(element("p", `${say("at", { time: clockText(state.second) })} · ${say("shown", { n: state.shown.size, all: night.crews.length })}`));
  const crews = element("ul");
  for (const crew of state.shown) {
    const row = element("li");
    row.append(sample(14, [["circle", { cx: 7, cy: 10, r: 6, fill: crewColour(crew) }]]), element("span", night.crews[crew].name));
    crews.append(row);
  }
  paper.append(legend(), crews);
  if (state.chosen) {
    const detail = byId("tab-detail").cloneNode(true);
    detail.removeAttribute("id");
    detail.hidden = false;
    detail.className = "detail";
    paper.append(detail);
  }
}
