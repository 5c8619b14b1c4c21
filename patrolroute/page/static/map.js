// The map of the night to be: what is drawn, in which order, and what lies under the pointer.

import { store, say, isSelected, byId, onChange } from "./store.js";
import { Network, View } from "./plane.js";

const PRIORITIES = ["", "#8db7e8", "#6a9fdf", "#3f7fd0", "#2060b8", "#0b3f8c"];
const WIDTHS = {
  motorway: 4, trunk: 4, primary: 3.4, secondary: 2.6, tertiary: 1.9, unclassified: 1.2, residential: 1.1,
};
const RED = "#c62828";
const AMBER = "#e69500";
const HALO = "rgba(255, 193, 7, 0.75)";
const FONT = '"Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif';

export const map = {
  network: null,
  view: null,
  pointer: null, // pixels, null while away
  isKeyed: false, // the crosshair in the middle stands for the pointer
  draft: null, // what a tool is drawing: {points, isArea, line, first}
  compared: null, // two plans, drawn over the streets
  chosenTask: null,
};

const paths = new WeakMap(); // what the server drew of an entry -> its path

function pathOf(drawn) {
  if (!paths.has(drawn)) paths.set(drawn, map.network.pathOf(drawn.arcs));
  return paths.get(drawn);
}

export function linePath(points) {
  const path = new Path2D();
  points.forEach((point, index) => (index ? path.lineTo(...map.network.world(point)) : path.moveTo(...map.network.world(point))));
  return path;
}

export function layMap(given) {
  map.network = new Network(given);
  byId("notice").textContent = given.notice;
  byId("credit").textContent = given.attribution;
  map.view = map.view || new View(byId("map"), paint);
  fitAll();
}

export function fitAll() {
  const points = everyPoint();
  const { x, y } = map.network;
  if (points.length < 2) {
    const range = (values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    const [[west, east], [south, north]] = [range(x), range(y)];
    map.view.fit([west, south, east, north]);
  } else {
    fitTo(points);
  }
}

export function fitTo(points) {
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const pad = 0.004;
  map.view.fit([Math.min(...xs) - pad, Math.min(...ys) - pad, Math.max(...xs) + pad, Math.max(...ys) + pad]);
}

// World points of all that the night holds.
function everyPoint() {
  const { network } = map;
  const { drawn } = store.shown;
  const points = [...drawn.depots, ...drawn.hotspots.flatMap((table) => table.rows)].filter(Boolean).map((one) => network.world([one.lon, one.lat]));
  for (const entry of drawn.streets.filter(Boolean)) {
    for (const arc of entry.arcs) points.push([network.x[network.start[arc]], network.y[network.start[arc]]]);
  }
  return points;
}

// World points of one entry of a list.
export function pointsOf(list, table, row) {
  const { network } = map;
  const { drawn } = store.shown;
  const found = list === "hotspots" ? drawn.hotspots[table || 0] && drawn.hotspots[table || 0].rows[row] : (drawn[list] || [])[row];
  if (list === "crews") {
    const crew = store.night.crews[row] || {};
    const depot = (drawn.depots || []).filter((one, index) => one && (store.night.depots[index] || {}).id === crew.depot);
    return [...depot.map((one) => network.world([one.lon, one.lat])), ...ringsOf(crew.area).flat().map((point) => network.world(point))];
  }
  if (!found) return [];
  if (found.arcs) return found.arcs.flatMap((arc) => [network.start[arc], network.start[arc + 1] - 1]).map((at) => [network.x[at], network.y[at]]);
  return [network.world([found.lon, found.lat])];
}

// Rings of a GeoJSON drawing of polygons; the lines of one of lines.
export function ringsOf(drawing) {
  if (!drawing || typeof drawing !== "object") return [];
  const features = drawing.features || [drawing];
  return features.flatMap((feature) => {
    const { type, coordinates } = feature.geometry || feature;
    if (type === "Polygon" || type === "MultiLineString") return coordinates;
    if (type === "MultiPolygon") return coordinates.flat();
    return type === "LineString" ? [coordinates] : [];
  });
}

// Which entry of which list lies under a pixel: places before streets, the entry with the fewest arcs first.
export function under(pixel) {
  const { drawn } = store.shown;
  const near = (one) => one && Math.hypot(...map.view.pixel(map.network.world([one.lon, one.lat])).map((value, axis) => value - pixel[axis])) < 13;
  for (let table = 0; table < drawn.hotspots.length; table += 1) {
    const row = drawn.hotspots[table].rows.findIndex(near);
    if (row >= 0) return { list: "hotspots", table, row };
  }
  const depot = drawn.depots.findIndex(near);
  if (depot >= 0) return { list: "depots", table: null, row: depot };
  const found = arcUnder(pixel);
  if (!found) return null;
  const twin = map.network.twin[found.arc];
  const candidates = [];
  for (const list of ["closures", "slow", "streets"]) {
    (drawn[list] || []).forEach((entry, row) => {
      if (entry && (entry.arcs.includes(found.arc) || (twin >= 0 && entry.arcs.includes(twin)))) candidates.push({ list, table: null, row, size: entry.arcs.length });
    });
  }
  candidates.sort((one, two) => one.size - two.size);
  return candidates[0] || null;
}

export function arcUnder(pixel, most, isToStop) {
  const named = isToStop ? 0 : 8; // pixels by which a street with a name goes before an alley
  return map.network.nearest(map.view.point(pixel), (most || 14) / map.view.scale, isToStop, named / map.view.scale);
}

function paint(brush, view) {
  const { network } = map;
  network.background.forEach((path, index) => {
    const width = WIDTHS[network.classes[index].replace("_link", "")] || 1;
    view.stroke(brush, path, width > 2 ? "#c3c8ce" : "#dadde1", width * Math.max(0.7, Math.min(2.2, view.scale / 9000)));
  });
  if (store.view === "compare" && map.compared) {
    paintCompared(brush, view);
  } else {
    paintNight(brush, view);
  }
  paintLabels(brush, view);
  paintDraft(brush, view);
  if (map.isKeyed) paintCross(brush, view);
}

function paintNight(brush, view) {
  const { drawn } = store.shown;
  const { night } = store;
  paintAreas(brush, view);
  const width = Math.max(3, Math.min(8, view.scale / 9000));
  const order = drawn.streets.map((entry, row) => [entry, row]).filter(([entry]) => entry);
  order.sort((one, two) => (night.streets[one[1]] || {}).priority - (night.streets[two[1]] || {}).priority);
  for (const [entry, row] of order) {
    if (isSelected("streets", 0, row)) view.stroke(brush, pathOf(entry), HALO, width + 8);
    view.stroke(brush, pathOf(entry), PRIORITIES[(night.streets[row] || {}).priority || 3] || PRIORITIES[3], width);
  }
  for (const [list, colour, dash] of [["slow", AMBER, [4, 4]], ["closures", RED, [7, 4]]]) {
    (drawn[list] || []).forEach((entry, row) => {
      if (!entry) return;
      if (isSelected(list, 0, row)) view.stroke(brush, pathOf(entry), HALO, width + 8);
      view.stroke(brush, pathOf(entry), colour, width + 1, dash);
    });
  }
  paintPlaces(brush, view);
}

function paintAreas(brush, view) {
  const areas = [];
  const { night } = store;
  (night.crews || []).forEach((crew, row) => areas.push([crew.area, "#2e7d32", isSelected("crews", 0, row)]));
  (night.streets || []).forEach((entry, row) => areas.push([entry.within, "#3f7fd0", isSelected("streets", 0, row)]));
  for (const list of ["closures", "slow"]) {
    (night[list] || []).forEach((entry, row) => areas.push([entry.polygons, list === "slow" ? AMBER : RED, isSelected(list, 0, row)]));
  }
  for (const [drawing, colour, isOn] of areas) {
    for (const ring of ringsOf(drawing)) {
      brush.beginPath();
      ring.forEach((point, index) => {
        const pixel = view.pixel(map.network.world(point));
        if (index) brush.lineTo(...pixel);
        else brush.moveTo(...pixel);
      });
      brush.globalAlpha = isOn ? 0.22 : 0.08;
      brush.fillStyle = colour;
      brush.fill();
      brush.globalAlpha = 1;
      brush.strokeStyle = colour;
      brush.lineWidth = isOn ? 3 : 1.5;
      brush.stroke();
    }
  }
}

function paintPlaces(brush, view) {
  const { drawn } = store.shown;
  const { night } = store;
  drawn.hotspots.forEach((table, number) => table.rows.forEach((place, row) => {
    if (!place) return;
    const given = ((night.hotspots[number] || {}).data || [])[row] || {};
    paintFoot(brush, view, place);
    const [left, top] = view.pixel(map.network.world([place.lon, place.lat]));
    const isOn = isSelected("hotspots", number, row);
    brush.beginPath();
    brush.arc(left, top, isOn ? 9 : 6.5, 0, 2 * Math.PI);
    brush.fillStyle = place.is_far ? RED : "#8e24aa";
    brush.fill();
    brush.lineWidth = isOn ? 4 : 1.5;
    brush.strokeStyle = isOn ? "#ffc107" : "#fff";
    brush.stroke();
    if (view.scale > 30000 || isOn) write(brush, given.name || "", left + 11, top, "#5e1170", 12);
  }));
  drawn.depots.forEach((depot, row) => {
    if (!depot) return;
    paintFoot(brush, view, depot);
    const [left, top] = view.pixel(map.network.world([depot.lon, depot.lat]));
    const isOn = isSelected("depots", 0, row);
    brush.beginPath();
    [[-8, 7], [-8, -2], [0, -9], [8, -2], [8, 7]].forEach(([east, south], index) => (index ? brush.lineTo(left + east, top + south) : brush.moveTo(left + east, top + south)));
    brush.closePath();
    brush.fillStyle = depot.is_far ? RED : "#fff";
    brush.fill();
    brush.lineWidth = isOn ? 4 : 2;
    brush.strokeStyle = isOn ? "#f5a300" : "#1b1f24";
    brush.stroke();
    const given = night.depots[row] || {};
    write(brush, given.name || given.id || "", left + 12, top, "#1b1f24", 12);
  });
}

// Draws from a point to where it snaps.
function paintFoot(brush, view, place) {
  const [from, to] = [[place.lon, place.lat], place.foot].map((point) => view.pixel(map.network.world(point)));
  brush.beginPath();
  brush.moveTo(...from);
  brush.lineTo(...to);
  brush.lineWidth = 1.5;
  brush.strokeStyle = place.is_far ? RED : "#444";
  brush.setLineDash([3, 2]);
  brush.stroke();
  brush.setLineDash([]);
  brush.beginPath();
  brush.arc(...to, 2.5, 0, 2 * Math.PI);
  brush.fillStyle = "#444";
  brush.fill();
}

function write(brush, text, left, top, colour, size, isMiddle) {
  brush.font = `${size}px ${FONT}`;
  brush.textBaseline = "middle";
  brush.textAlign = isMiddle ? "center" : "left";
  brush.lineWidth = 3;
  brush.strokeStyle = "rgba(255, 255, 255, 0.9)";
  brush.lineJoin = "round";
  brush.strokeText(text, left, top);
  brush.fillStyle = colour;
  brush.fillText(text, left, top);
}

// Writes street names where there is room, along the street, the longest streets first.
function paintLabels(brush, view) {
  const taken = [];
  const most = Math.min(140, Math.round(view.scale / 90));
  brush.font = `11px ${FONT}`;
  for (const label of map.network.labels()) {
    if (taken.length >= most) break;
    const [left, top] = view.pixel([label.x, label.y]);
    if (left < 0 || top < 0 || left > view.width || top > view.height) continue;
    const half = brush.measureText(label.name).width / 2 + 6;
    if (2 * half > label.total * view.scale) continue;
    if (taken.some((one) => Math.abs(one[0] - left) < one[2] + half && Math.abs(one[1] - top) < 30)) continue;
    taken.push([left, top, half]);
    let angle = -label.angle;
    if (angle > Math.PI / 2) angle -= Math.PI;
    if (angle < -Math.PI / 2) angle += Math.PI;
    brush.save();
    brush.translate(left, top);
    brush.rotate(angle);
    write(brush, label.name, 0, 0, "#555", 11, true);
    brush.restore();
  }
}

function paintDraft(brush, view) {
  const { draft } = map;
  if (map.hovered) view.stroke(brush, map.hovered, "rgba(255, 152, 0, 0.8)", 6);
  if (!draft) return;
  const points = [...draft.points];
  const pixels = points.map((point) => view.pixel(map.network.world(point)));
  if (map.pointer && draft.isArea) pixels.push(map.pointer);
  if (!pixels.length) return;
  brush.beginPath();
  pixels.forEach((pixel, index) => (index ? brush.lineTo(...pixel) : brush.moveTo(...pixel)));
  if (draft.isArea && pixels.length > 2) {
    brush.closePath();
    brush.globalAlpha = 0.15;
    brush.fillStyle = "#f57c00";
    brush.fill();
    brush.globalAlpha = 1;
  }
  brush.lineWidth = 2;
  brush.strokeStyle = "#f57c00";
  brush.stroke();
  for (const pixel of pixels) {
    brush.beginPath();
    brush.arc(...pixel, 4, 0, 2 * Math.PI);
    brush.fillStyle = "#f57c00";
    brush.fill();
  }
}

function paintCross(brush, view) {
  const [left, top] = [view.width / 2, view.height / 2];
  brush.beginPath();
  for (const [east, south] of [[-16, 0], [4, 0], [0, -16], [0, 4]]) {
    brush.moveTo(left + east, top + south);
    brush.lineTo(left + east + (east ? 12 : 0), top + south + (south ? 12 : 0));
  }
  brush.moveTo(left + 4, top);
  brush.lineTo(left + 16, top);
  brush.moveTo(left, top + 4);
  brush.lineTo(left, top + 16);
  brush.lineWidth = 2;
  brush.strokeStyle = "#d50000";
  brush.stroke();
}

export const COLOURS = { more: "#1b7f3b", fewer: "#c62828", same: "#9aa2ab", first: "#1550b0", second: "#e67e00" };

// Draws two plans: streets by what differs, wider where it differs more; of a chosen crew both ways.
function paintCompared(brush, view) {
  const { tasks, routes } = map.compared;
  for (const task of tasks) {
    const change = task.seen[1] - task.seen[0];
    const colour = change > 0 ? COLOURS.more : change < 0 ? COLOURS.fewer : COLOURS.same;
    const width = change ? 2.5 + Math.min(6, Math.abs(change)) : 1.6;
    if (task.point) {
      const [left, top] = view.pixel(map.network.world(task.point));
      brush.beginPath();
      brush.arc(left, top, change ? 8 : 5, 0, 2 * Math.PI);
      brush.fillStyle = colour;
      brush.fill();
      brush.lineWidth = map.chosenTask === task.id ? 5 : 1.5;
      brush.strokeStyle = map.chosenTask === task.id ? "#ffc107" : "#fff";
      brush.stroke();
    } else {
      task.path = task.path || linesPath(task.lines);
      if (map.chosenTask === task.id) view.stroke(brush, task.path, HALO, width + 10);
      view.stroke(brush, task.path, colour, width);
    }
  }
  if (!map.chosenCrew) return;
  routes.forEach((plan, number) => {
    const route = plan.find((one) => one.crew === map.chosenCrew);
    if (!route) return;
    route.path = route.path || linesPath(route.legs.filter((leg) => leg.line.length > 1).map((leg) => leg.line));
    view.stroke(brush, route.path, number ? COLOURS.second : COLOURS.first, number ? 3 : 5, number ? [8, 5] : null);
  });
}

function linesPath(lines) {
  const path = new Path2D();
  for (const line of lines) path.addPath(linePath(line));
  return path;
}

export function whatIsAt(found) {
  return say("snap", { street: map.network.nameOf(found.arc) || say("unnamed"), metres: Math.round(found.distance * map.network.metresAUnit) });
}

onChange(() => {
  if (map.view && map.network) map.view.later();
});
