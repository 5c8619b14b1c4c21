// The tools of the map: what a click means, by pointer or by keyboard, and what is said while one draws.

import { store, say, edit, send, select, isSelected, changed, failed, tell, byId, element, onChange } from "./store.js";
import { map, under, arcUnder, whatIsAt, fitAll } from "./map.js";

export const TOOLS = [
  ["select", "v"], ["depot", "d"], ["hotspot", "h"], ["street", "s"], ["section", "e"], ["close", "c"], ["close-area", "x"], ["area", "a"],
];

let carried = null; // {list, table, row} of a place that is being dragged
let pressed = null; // where a pointer went down, to tell a click from a drag

export function startTools() {
  const bar = byId("tools");
  for (const [tool, key] of TOOLS) {
    const button = element("button");
    button.dataset.tool = tool;
    button.append(element("span"), element("kbd", key.toUpperCase()));
    button.addEventListener("click", () => choose(tool));
    bar.append(button);
  }
  byId("larger").addEventListener("click", () => map.view.zoom(1.5));
  byId("smaller").addEventListener("click", () => map.view.zoom(1 / 1.5));
  byId("fit").addEventListener("click", fitAll);
  listen(byId("map"));
  document.addEventListener("keydown", onKey);
}

export function choose(tool) {
  store.tool = tool;
  drop();
  changed("tool");
}

function drop() {
  map.draft = null;
  map.hovered = null;
  changed("draft");
}

function listen(canvas) {
  canvas.addEventListener("pointerdown", (event) => {
    canvas.focus({ preventScroll: true });
    map.isKeyed = false;
    pressed = [event.offsetX, event.offsetY, false];
    const place = store.view === "edit" && store.tool === "select" ? under([event.offsetX, event.offsetY]) : null;
    carried = place && ["depots", "hotspots"].includes(place.list) && isSelected(place.list, place.table, place.row) ? place : null;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const [left, top] = [event.offsetX, event.offsetY];
    if (pressed && (pressed[2] || Math.hypot(left - pressed[0], top - pressed[1]) > 4)) {
      if (carried) carry([left, top]);
      else if (map.pointer) map.view.move(left - map.pointer[0], top - map.pointer[1]);
      pressed[2] = true;
    }
    map.pointer = [left, top];
    hover(map.pointer);
  });
  canvas.addEventListener("pointerup", (event) => {
    const wasDragged = pressed && pressed[2];
    pressed = null;
    if (wasDragged && carried) putDown([event.offsetX, event.offsetY]);
    carried = null;
    if (!wasDragged) click([event.offsetX, event.offsetY], event.shiftKey);
  });
  canvas.addEventListener("pointerleave", () => {
    map.pointer = null;
    byId("tip").hidden = true;
    map.hovered = null;
    map.view.later();
  });
  canvas.addEventListener("dblclick", () => {
    if (map.draft && map.draft.isArea) finish();
  });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    map.view.zoom(event.deltaY < 0 ? 1.25 : 0.8, [event.offsetX, event.offsetY]);
  }, { passive: false });
  canvas.addEventListener("focus", () => { map.isKeyed = canvas.matches(":focus-visible"); map.view.later(); });
  canvas.addEventListener("blur", () => { map.isKeyed = false; map.view.later(); });
}

// Shows where a place that is dragged would snap to, and puts it there.
function carry(pixel) {
  const found = arcUnder(pixel, 160, true);
  const at = map.network.degrees(map.view.point(pixel));
  map.draft = { points: found ? [at, map.network.degrees(found.foot)] : [at] };
}

function putDown(pixel) {
  const { list, table, row } = carried;
  const [lon, lat] = map.network.degrees(map.view.point(pixel));
  map.draft = null;
  edit((night) => {
    const carried = list === "hotspots" ? night.hotspots[table].data[row] : night.depots[row];
    delete carried.place; // a crossing in words is where it was
    Object.assign(carried, { lon, lat });
  });
}

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// On the map: arrows move it, plus and minus zoom, Enter clicks at the cross in the middle; anywhere: Escape gives up.
function onKey(event) {
  if (event.key === "Escape" && map.draft) drop();
  if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key) && !/^(INPUT|SELECT)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    byId(event.key.toLowerCase() === "z" && !event.shiftKey ? "undo" : "redo").click();
    return;
  }
  if (document.activeElement !== byId("map") || event.ctrlKey || event.metaKey || event.altKey) return;
  const middle = [map.view.width / 2, map.view.height / 2];
  const tool = TOOLS.find(([, key]) => key === event.key.toLowerCase());
  if (ARROWS[event.key]) {
    const [east, south] = ARROWS[event.key];
    map.isKeyed = true;
    map.view.move(east * (event.shiftKey ? 10 : 60), south * (event.shiftKey ? 10 : 60));
    hover(middle);
  } else if (event.key === "+" || event.key === "=") {
    map.view.zoom(1.4);
  } else if (event.key === "-") {
    map.view.zoom(1 / 1.4);
  } else if (event.key === "Enter" || event.key === " ") {
    if (event.key === "Enter" && event.shiftKey && map.draft && map.draft.isArea) finish();
    else click(map.isKeyed || !map.pointer ? middle : map.pointer, event.shiftKey);
  } else if (event.key === "Backspace" && map.draft) {
    map.draft.points.pop();
    map.view.later();
  } else if (event.key === "Delete" && store.selected) {
    removeSelected();
  } else if (tool && store.view === "edit") {
    choose(tool[0]);
  } else {
    return;
  }
  event.preventDefault();
}

export function removeSelected() {
  const { list, table, row } = store.selected;
  select(null);
  edit((night) => {
    if (list === "hotspots") {
      night.hotspots[table || 0].data.splice(row, 1);
      night.hotspots = night.hotspots.filter((one) => one.data.length);
    } else {
      night[list].splice(row, 1);
    }
  });
}

// Says what a click would mean: where a point would snap to, which street would be taken.
function hover(pixel) {
  const tip = byId("tip");
  const isPoint = store.tool === "depot" || store.tool === "hotspot";
  const found = store.view === "edit" || store.view === "compare" ? arcUnder(pixel, isPoint ? 160 : 14, isPoint) : null;
  map.hovered = null;
  tip.hidden = true;
  if (found && isPoint && store.view === "edit") {
    const at = map.network.degrees(map.view.point(pixel));
    map.draft = { points: [at, map.network.degrees(found.foot)] };
    show(tip, whatIsAt(found), pixel);
  } else if (found && (!map.draft || !map.draft.isArea)) {
    const name = map.network.nameOf(found.arc);
    const isWhole = store.tool === "street" || store.tool === "close";
    if (store.view === "edit" && store.tool !== "select") map.hovered = map.network.pathOf(isWhole && name ? arcsNamed(name) : [found.arc]);
    show(tip, name || say("unnamed"), pixel);
  } else if (isPoint) {
    map.draft = null;
  }
  map.view.later();
}

function show(tip, text, [left, top]) {
  tip.textContent = text;
  tip.hidden = false;
  tip.style.left = `${Math.min(left + 14, map.view.width - 170)}px`;
  tip.style.top = `${Math.min(top + 14, map.view.height - 26)}px`;
}

let named = null;

function arcsNamed(name) {
  if (!named || named.network !== map.network) {
    named = { network: map.network, arcs: new Map() };
    for (let arc = 0; arc < map.network.arcs; arc += 1) {
      const own = map.network.nameOf(arc);
      if (!named.arcs.has(own)) named.arcs.set(own, []);
      named.arcs.get(own).push(arc);
    }
  }
  return named.arcs.get(name) || [];
}

async function click(pixel, isAdding) {
  const point = map.network.degrees(map.view.point(pixel));
  try {
    if (store.view === "compare") return;
    if (store.tool === "select") pick(pixel);
    else if (store.tool === "depot") addPlace("depots", point);
    else if (store.tool === "hotspot") addPlace("hotspots", point);
    else if (store.tool === "street" || store.tool === "close") await takeStreet(pixel, point, isAdding);
    else if (store.tool === "section") await takeSection(point);
    else corner(point);
  } catch (error) {
    await failed(error);
  }
}

function pick(pixel) {
  const found = under(pixel);
  select(found);
}

function freeName(word, taken) {
  let number = 1;
  while (taken.includes(`${word}${number}`)) number += 1;
  return `${word}${number}`;
}

// Adds a depot or a hotspot where it was clicked; what it snaps to comes back with the night.
function addPlace(list, point) {
  const [lon, lat] = point;
  map.draft = null;
  if (list === "depots") {
    const { depots } = store.night;
    const id = freeName(say("depot_word"), depots.map((one) => one.id));
    store.selected = { list, table: null, row: depots.length };
    store.list = list;
    return edit((night) => {
      night.depots.push({ id, name: id, lon, lat });
      if (night.depots.length === 1 && !night.crews.length) night.crews.push({ depot: id, count: 4, prefix: say("crew_word") });
    });
  }
  const tables = store.night.hotspots;
  const known = tables.length ? tables[0].data : [];
  const name = freeName(say("hotspot_word"), known.map((one) => one.name));
  store.selected = { list, table: 0, row: known.length };
  store.list = list;
  return edit((night) => {
    if (!night.hotspots.length) night.hotspots.push({ data: [] });
    night.hotspots[0].data.push({ name, kind: "night_market", lon, lat, dwell_min: 10, priority: 3, required: "no", visits: 1 });
  });
}

// What a new row of streets asks for: what the row before it does.
function asLast() {
  const rows = store.night.streets;
  const last = rows[rows.length - 1] || { priority: 3, required: false, visits: 2 };
  const kept = {};
  for (const name of ["mode", "priority", "required", "visits", "headway_min"]) if (last[name] !== undefined) kept[name] = last[name];
  return kept;
}

async function takeStreet(pixel, point, isAdding) {
  const found = arcUnder(pixel, 24);
  if (!found) return tell(say("no_street_here"));
  const name = map.network.nameOf(found.arc);
  const list = store.tool === "close" ? "closures" : "streets";
  const rows = store.night[list] || [];
  const known = name ? rows.findIndex((one) => (one.names || []).includes(name)) : -1;
  if (known >= 0) return select({ list, table: null, row: known });
  if (!name) {
    const part = await send("/section", { first: point, second: point, mode: store.shown.mode });
    return addRow(list, list === "closures" ? { lines: drawing("LineString", part.line, say("unnamed")) } : along(part));
  }
  const { selected } = store;
  if (isAdding && selected && selected.list === list && (rows[selected.row] || {}).names) {
    return edit((night) => night[list][selected.row].names.push(name));
  }
  return addRow(list, { names: [name] });
}

function addRow(list, entry) {
  store.selected = { list, table: null, row: (store.night[list] || []).length };
  store.list = list;
  return edit((night) => {
    night[list] = [...(night[list] || []), list === "streets" ? { ...asLast(), ...entry } : entry];
  });
}

function drawing(type, coordinates, name) {
  return { type: "Feature", properties: { name }, geometry: { type, coordinates } };
}

function along(part) {
  const ends = part.ends.filter(Boolean).join("—");
  const name = `${part.name || say("unnamed")}${ends ? say("between", { ends }) : ""}`;
  return { along: drawing("LineString", part.line, name) };
}

async function takeSection(point) {
  if (!map.draft) {
    map.draft = { points: [point], first: point };
    return changed("draft");
  }
  const { first } = map.draft;
  drop();
  const reach = (14 / map.view.scale) * map.network.metresAUnit;
  const part = await send("/section", { first, second: point, reach_m: reach, mode: store.shown.mode });
  if (!part.line.length) return tell(say("no_section"));
  return addRow("streets", along(part));
}

function corner(point) {
  map.draft = map.draft || { points: [], isArea: true };
  const { points } = map.draft;
  const last = points[points.length - 1];
  if (!last || last[0] !== point[0] || last[1] !== point[1]) points.push(point);
  changed("draft");
}

// Ends an area: closes what lies in it, or gives it to whom it is for.
export function finish() {
  const { points } = map.draft || { points: [] };
  if (points.length < 3) return tell(say("three_corners"));
  const polygon = [[...points, points[0]]];
  const whose = byId("area-for") ? byId("area-for").value : "streets";
  drop();
  if (store.tool === "close-area") return addRow("closures", { polygons: drawing("Polygon", polygon, say("closed_area")) });
  if (whose === "streets") return addRow("streets", { within: drawing("Polygon", polygon, say("area_streets")) });
  const row = Number(whose);
  select({ list: "crews", table: null, row });
  return edit((night) => { night.crews[row].area = drawing("Polygon", polygon, say("patrol_area")); });
}

function showHint() {
  const hint = byId("hint");
  const isDrawing = map.draft && map.draft.isArea;
  const crews = (store.night.crews || []).map((crew) => crew.id || crew.prefix);
  const isSecond = Boolean(map.draft && map.draft.first);
  const shape = JSON.stringify([store.view, store.tool, store.lang, isSecond, isDrawing && map.draft.points.length > 2, store.tool === "area" && crews]);
  if (hint.dataset.shape === shape) return;
  hint.dataset.shape = shape;
  hint.replaceChildren();
  if (store.view !== "edit") return;
  const key = store.tool === "section" && map.draft && map.draft.first ? "hint_section_2" : `hint_${store.tool.replace("-", "_")}`;
  hint.append(element("span", say(key)));
  if (store.tool === "area") hint.append(whoseArea());
  if (isDrawing && map.draft.points.length > 2) {
    const button = element("button", say("finish"));
    button.id = "finish-area";
    button.addEventListener("click", finish);
    hint.append(button);
  }
}

function whoseArea() {
  const known = byId("area-for");
  const choice = element("select");
  choice.id = "area-for";
  choice.append(new Option(say("area_streets"), "streets"));
  (store.night.crews || []).forEach((crew, row) => choice.append(new Option(say("area_of_crew", { crew: crew.id || crew.prefix || "P" }), String(row))));
  const { selected } = store;
  const wanted = known ? known.value : selected && selected.list === "crews" ? String(selected.row) : "streets";
  choice.value = [...choice.options].some((one) => one.value === wanted) ? wanted : "streets";
  return choice;
}

onChange((what) => {
  if (!store.words || !store.night) return;
  for (const button of byId("tools").children) {
    button.firstChild.textContent = say(`tool_${button.dataset.tool.replace("-", "_")}`);
    button.setAttribute("aria-pressed", String(button.dataset.tool === store.tool));
  }
  byId("tools").hidden = store.view !== "edit";
  byId("map").style.cursor = store.tool === "select" ? "default" : "crosshair";
  if (what !== "job") showHint();
});
