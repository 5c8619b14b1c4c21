// Fills the figure's layers: bands, lanes, arrows, numbers and names are laid anew for each scale.

const MARKERS = night.palette.markers;
const LOOKS = night.palette.states; // fill, edge and number of a hotspot's marker
const ARROW_GAP = 80; // pixels driven between two arrows
const MOST_TAGS = 2; // names of one crew or team on its streets
const HOUSE = [[-7, -7], [7, -7], [7, 2], [0, 9], [-7, 2]]; // pixels: a depot, as on the picture

// A required street that is only passed is missed, however many of its passes count.
function stateOf(task) {
  if (task.missed) return "missed";
  if (task.visits[0] >= task.visits[1]) return "done";
  return task.visits[0] ? "short" : "missed";
}

function priorityOf(task) {
  return Math.min(Math.max(task.priority, 1), night.widths.length) - 1;
}

// Streets grow with the scale, but slower than the map.
function growth() {
  return Math.min(3.2, Math.max(1, Math.sqrt(26 / metresAPixel())));
}

function taskDetail(task) {
  const parts = [`${task.kind} · ${say("priority")} ${task.priority}`];
  if (task.required) parts.push(say("required"));
  if (task.stop) parts.push(hoursText(task), say("minutes", { n: task.dwell_min }));
  parts.push(`${task.visits[0]}/${task.visits[1]}`);
  return parts.join(" · ");
}

function fill(name, data) {
  const rows = data.x.length;
  const old = bokeh.data(name);
  const full = {};
  for (const column of Object.keys(old.data)) full[column] = data[column] || new Array(rows).fill("");
  old.data = full;
}

function drawBands() {
  const data = { x: [], y: [], width: [], colour: [], title: [], detail: [] };
  for (const task of night.tasks.filter((one) => one.line).sort((one, two) => one.priority - two.priority)) {
    data.x.push(task.line[0]);
    data.y.push(task.line[1]);
    data.width.push(night.widths[priorityOf(task)] * 1.15 * growth());
    data.colour.push(night.palette.tones[priorityOf(task)]);
    data.title.push(shortened(task.name, 40));
    data.detail.push(taskDetail(task));
  }
  fill("bands", data);
}

// Marks what is missed or short with red dashes or dots at both edges of its band.
function drawEdges() {
  const data = { x: [], y: [], width: [], dash: [] };
  for (const task of night.tasks) {
    const is = task.line ? stateOf(task) : "done";
    if (is === "done") continue;
    const away = (night.widths[priorityOf(task)] * 0.6 * growth() + 1) * unitsAPixel();
    for (const side of [-1, 1]) {
      const line = shifted({ x: task.line[0], y: task.line[1] }, side * away);
      data.x.push(line.x);
      data.y.push(line.y);
      data.width.push(is === "short" ? 1.4 : task.required ? 2.4 : 1.2);
      data.dash.push(is === "short" ? [1, 4] : [6, 3]);
    }
  }
  fill("edges", data);
}

function drawStops(board) {
  const data = { x: [], y: [], marker: [], size: [], fill: [], edge: [], title: [], detail: [] };
  const numbers = { x: [], y: [], text: [], ink: [], size: [] };
  const isBrief = isNarrow() && detailLevel() !== "pass"; // with orders' numbers beside them stops keep their word
  for (const task of night.tasks) {
    if (!task.spot) continue;
    const [number, x, y] = task.spot;
    const [left, bottom] = pixel(x, y);
    const [inside, edge, ink] = LOOKS[stateOf(task)];
    const marker = MARKERS[task.category] || "diamond";
    const scale = isNarrow() ? 0.65 : 1;
    board.take([left - 11 * scale, bottom - 11 * scale, left + 11 * scale, bottom + 11 * scale], true);
    data.x.push(x);
    data.y.push(y);
    data.marker.push(marker);
    data.size.push(scale * ({ triangle: 28, diamond: 28, square: 21 }[marker] || 22));
    data.fill.push(inside);
    data.edge.push(edge);
    data.title.push(`${number} ${task.required ? "★" : ""}${shortened(task.name, 40)}`);
    data.detail.push(taskDetail(task));
    numbers.x.push(x);
    numbers.y.push(y);
    numbers.text.push(isBrief ? number.replace(/^\D+/, "") : number);
    numbers.ink.push(ink);
    numbers.size.push(number.length > 2 || isNarrow() ? "9px" : "11px");
  }
  fill("stops", data);
  fill("stop_numbers", numbers);
}

function drawDepots() {
  const data = { x: [], y: [], title: [], detail: [] };
  for (const [x, y, crews, name] of night.depots) {
    data.x.push(HOUSE.map(([east]) => x + east * unitsAPixel()));
    data.y.push(HOUSE.map(([, north]) => y + north * unitsAPixel()));
    data.title.push([say("depot_start_end"), shortened(name, 40)].filter(Boolean).join(" "));
    data.detail.push(crews);
  }
  fill("depots", data);
}

function drawRoutes(board) {
  const { detail, laid } = layLanes();
  const lines = { x: [], y: [], width: [], colour: [], dash: [], title: [], detail: [] };
  const dashed = { x: [], y: [], width: [], colour: [], title: [], detail: [] };
  const visible = byId("show-routes").checked ? laid : [];
  for (const lane of visible) {
    const into = lane.patrol ? lines : dashed;
    into.x.push(lane.x);
    into.y.push(lane.y);
    into.width.push(lane.patrol ? lane.width : Math.min(1.4, lane.width));
    into.colour.push(lane.colour);
    if (lane.patrol) into.dash.push(isAgain(lane.crew) ? AGAIN : []);
    const crew = night.crews[lane.crew];
    into.title.push(detail === "team" ? night.teams[crew.team] : shortened(crew.name, 40));
    into.detail.push(words.kinds[lane.patrol ? KINDS.patrol : KINDS.deadhead]);
  }
  fill("routes", lines);
  fill("deadheads", dashed);
  const byPass = detail === "pass" ? visible : [];
  fill("arrows", arrowsOn(byPass));
  fill("numbers", detail === "pass" ? numbersOn(byPass, board) : tagsOn(visible, detail, board));
}

// Names crews, or teams, on their streets, so that they are told apart without colours: each on those of its longest
// streets that fewest others use, where there is room.
function tagsOn(lanes, detail, board) {
  const data = { x: [], y: [], text: [], colour: [] };
  const placed = new Map();
  const alone = (one, two) => one.beside - two.beside || roadways[two.road - 1].length - roadways[one.road - 1].length;
  for (const lane of lanes.filter((one) => one.patrol).sort(alone)) {
    const key = detail === "team" ? night.crews[lane.crew].team : lane.crew;
    const others = placed.get(key) || [];
    const middle = middleOf(lane);
    const [left, bottom] = pixel(middle.x, middle.y);
    const isNear = others.some((other) => Math.hypot(other[0] - left, other[1] - bottom) < APART);
    if (others.length >= (isNarrow() ? 1 : MOST_TAGS) || isNear || !isInside(left, bottom, 20)) continue;
    const text = shortened(detail === "team" ? night.teams[key] : night.crews[key].name, 16);
    const half = textWidth(text, 11) / 2 + 4;
    if (!board.take([left - half, bottom - 9, left + half, bottom + 9])) continue;
    placed.set(key, [...others, [left, bottom]]);
    data.x.push(middle.x);
    data.y.push(middle.y);
    data.text.push(text);
    data.colour.push(lane.colour);
  }
  return data;
}

// Puts an arrow on a crew's way wherever it has driven so many pixels since the last one.
function arrowsOn(lanes) {
  const data = { x: [], y: [], angle: [], colour: [], size: [] };
  const sinceLast = new Map();
  for (const lane of inDrivingOrder(lanes)) {
    const pixels = roadways[lane.road - 1].length / unitsAPixel();
    const driven = (sinceLast.get(lane.crew) || ARROW_GAP / 2) + pixels;
    sinceLast.set(lane.crew, driven >= ARROW_GAP && pixels >= 10 ? 0 : driven);
    if (driven < ARROW_GAP || pixels < 10) continue;
    const middle = middleOf(lane);
    data.x.push(middle.x);
    data.y.push(middle.y);
    data.angle.push(middle.angle + (lane.forward ? -Math.PI / 2 : Math.PI / 2));
    data.colour.push(lane.colour);
    data.size.push(11);
  }
  return data;
}

function inDrivingOrder(lanes) {
  return [...lanes].sort((one, two) => one.crew - two.crew || one.moves[0] - two.moves[0]);
}

// Gives the number of the order to which a pass belongs, as on the order sheet.
function orderOf(lane) {
  const { moves, entries } = night.crews[lane.crew];
  return entries[moves[lane.moves[0] + 2] - 1][0];
}

// Numbers each order of a crew's night once, in the middle of its longest roadway, where there is room: of those that
// it patrols, or if it patrols none (a stop, the way home) of those that lead there.
function numbersOn(lanes, board) {
  const data = { x: [], y: [], text: [], colour: [] };
  const best = new Map();
  const worth = (lane) => roadways[lane.road - 1].length + (lane.patrol ? 1e9 : 0);
  for (const lane of inDrivingOrder(lanes)) {
    const key = `${lane.crew}-${orderOf(lane)}`;
    const known = best.get(key);
    if (!known || worth(known) < worth(lane)) best.set(key, lane);
  }
  for (const lane of best.values()) {
    const order = String(orderOf(lane));
    const middle = middleOf(lane);
    const [left, bottom] = pixel(middle.x, middle.y);
    const half = textWidth(order, 11) / 2 + 4;
    if (!isInside(left, bottom, 5) || !board.take([left - half, bottom - 9, left + half, bottom + 9])) continue;
    data.x.push(middle.x);
    data.y.push(middle.y);
    data.text.push(order);
    data.colour.push(lane.colour);
  }
  return data;
}

// The background never changes but in width: all streets of one width are one line with gaps.
function layBackground() {
  for (const [layer, axes] of Object.entries(night.background)) {
    const [x, y] = axes.map((values) => values.map((value) => (value === null ? NaN : value)));
    bokeh.data(layer).data = { x: [x], y: [y] };
  }
}

function drawRoads() {
  for (const layer of bokeh.plot.renderers) {
    if (layer.tags[0] === "road") layer.glyph.line_width = { value: layer.tags[1] * 1.3 * growth() };
  }
}

// Lays everything anew that depends on the scale or on what is shown.
function drawAll() {
  const board = new Board();
  chooseColours();
  drawRoads();
  drawBands();
  drawEdges();
  drawStops(board);
  drawDepots();
  fill("depot_names", writeDepots(board));
  drawRoutes(board);
  fill("stop_names", writeStopNames(board));
  fill("street_names", writeNames(board));
  drawChosen();
  drawCars();
}
