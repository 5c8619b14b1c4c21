// The lists beside the map: rows to edit, each tied to what it is on the map; complaints stand at their cells.

import { store, say, ask, edit, take, tell, failed, select, isSelected, byId, element, onChange, changed } from "./store.js";
import { map, pointsOf, fitTo } from "./map.js";
import { removeSelected } from "./tools.js";

export const LISTS = ["depots", "crews", "streets", "hotspots", "closures", "slow", "key_hours"];

const number = (min, max, isNeeded) => ({ kind: "number", min, max, isNeeded });
const text = (isNeeded) => ({ kind: "text", isNeeded });
const yes = { kind: "yes" };
const choice = (options, isNeeded) => ({ kind: "choice", options, isNeeded });

const COLUMNS = {
  depots: { id: text(true), name: text(), lon: number(), lat: number() },
  crews: {
    prefix: text(), count: number(1, 500), depot: choice(() => store.night.depots.map((one) => [one.id, one.name || one.id])),
    start: text(), end: text(), mode: choice(() => store.words.modes.map((one) => [one, say(`mode_${one}`)])),
  },
  streets: { what: text(true), priority: number(1, 5), required: yes, visits: number(1, 48), headway_min: number(0), max_gap_min: number(1) },
  hotspots: {
    name: text(true), kind: text(), open: text(), close: text(), dwell_min: number(1), priority: number(1, 5), required: yes,
    visits: number(1, 48),
  },
  closures: { what: text(true), hours: text() },
  slow: { what: text(true), factor: number(0.05, 1, true), hours: text() },
  key_hours: { hours: text(true), weight: number(0.01), what: text() },
};

const WIDE = { lon: 9, lat: 8, what: 16, name: 10, id: 8, prefix: 8, hours: 14 }; // letters of a column's texts

const CLASSES = ["primary", "secondary", "tertiary"];
const KINDS = ["night_market", "barbecue", "marketplace", "night_food"];

// Rows of a list with where each stands: {entry, table, row}.
export function rowsOf(list) {
  if (list === "hotspots") {
    return (store.night.hotspots || []).flatMap((table, at) => (table.data || []).map((entry, row) => ({ entry, table: at, row })));
  }
  return (store.night[list] || []).map((entry, row) => ({ entry, table: null, row }));
}

function entryOf(night, list, table, row) {
  return list === "hotspots" ? night.hotspots[table].data[row] : night[list][row];
}

export function complaintsOf(list, table, row) {
  return store.shown.complaints.filter(({ cell }) => cell && cell.list === list && (row === undefined || (cell.row === row && (cell.table || 0) === (table || 0))));
}

// What an entry means, as it is typed: names with commas; drawings and classes by what they are called.
export function whatOf(list, entry) {
  const parts = [];
  if (entry.names && entry.names.length) parts.push(entry.names.join("、"));
  if (entry.classes) parts.push(entry.classes.map((one) => (CLASSES.includes(one) ? say(`class_${one}`) : one)).join("、"));
  for (const name of ["along", "within", "lines", "polygons"]) if (entry[name]) parts.push(calledOf(entry[name]) || say(`drawn_${name}`));
  if (!parts.length && list === "key_hours") return (entry.kinds || []).join("、");
  return parts.join(" + ");
}

function calledOf(drawing) {
  if (typeof drawing === "string") return drawing;
  const features = drawing.features || [drawing];
  return features.map((one) => (one.properties || {}).name).filter(Boolean).join("、");
}

function valueOf(list, entry, column) {
  if (column === "what") return whatOf(list, entry);
  if (column === "mode") return entry.mode || "car";
  if (column === "hours") return [].concat(entry.hours || []).join("; ");
  return entry[column] === undefined || entry[column] === null ? "" : String(entry[column]);
}

// Writes what was typed into an entry; what is emptied is left out, what is no number stays for the server to refuse.
function put(list, entry, column, kind, typed) {
  const value = typed.trim();
  if (column === "what") {
    const names = value.split(/[、,，;；]/).map((one) => one.trim()).filter(Boolean);
    if (names.length) entry.names = names;
    else delete entry.names;
  } else if (column === "hours") {
    const hours = value.split(/[;；、,，]/).map((one) => one.trim()).filter(Boolean);
    if (hours.length || list === "key_hours") entry.hours = hours;
    else delete entry.hours;
  } else if (!value && !kind.isNeeded) {
    delete entry[column];
  } else if (kind.kind === "number" && value !== "" && Number.isFinite(Number(value))) {
    entry[column] = Number(value);
  } else {
    entry[column] = value.replace("：", ":");
  }
}

function isYes(value) {
  return ["true", "yes", "是", "1", "y", "√", "✓", "必巡"].includes(value.toLowerCase());
}

// Makes the cell of a row; what stands in it is written by `fillCell`.
function cell(list, { table, row }, column, kind) {
  const box = element("td");
  const input = element(kind.kind === "choice" ? "select" : "input");
  if (kind.kind !== "choice") input.type = kind.kind === "yes" ? "checkbox" : "text";
  if (input.type === "text") input.size = WIDE[column] || (kind.kind === "number" ? 3 : 5);
  if (kind.kind === "number") input.inputMode = "decimal";
  if (column === "kind") input.setAttribute("list", "kinds");
  input.dataset.cell = `${list}/${table || 0}/${row}/${column}`;
  input.setAttribute("aria-label", say(`column_${column}`));
  input.addEventListener("focus", () => isSelected(list, table, row) || select({ list, table, row }));
  input.addEventListener("input", () => { input.dataset.typing = "yes"; });
  input.addEventListener("change", () => {
    delete input.dataset.typing;
    const typed = kind.kind === "yes" ? (list === "hotspots" ? (input.checked ? "yes" : "no") : input.checked) : input.value;
    edit((night) => {
      const target = entryOf(night, list, table, row);
      const before = target.id;
      if (typeof typed === "boolean") target[column] = typed;
      else put(list, target, column, kind, typed);
      if (list !== "depots" || column !== "id") return;
      for (const crew of night.crews) for (const end of ["depot", "end_depot"]) if (crew[end] === before) crew[end] = target.id;
    });
  });
  input.addEventListener("keydown", (event) => {
    if (input.tagName === "SELECT" || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const next = document.querySelector(`[data-cell="${list}/${table || 0}/${row + (event.key === "ArrowDown" ? 1 : -1)}/${column}"]`);
    if (next) next.focus();
    event.preventDefault();
  });
  box.append(input);
  return box;
}

// Writes into a cell what the night holds, and what is wrong with it; what somebody is typing stays.
function fillCell(box, list, { entry, table, row }, column, kind) {
  const input = box.firstChild;
  const value = valueOf(list, entry, column);
  if (kind.kind === "choice") {
    const options = kind.options();
    if (!options.some(([one]) => one === value)) options.unshift([value, value]);
    const key = JSON.stringify(options);
    if (input.dataset.options !== key) {
      input.replaceChildren(...options.map(([one, name]) => new Option(name, one)));
      input.dataset.options = key;
    }
    input.value = value;
  } else if (kind.kind === "yes") {
    input.checked = isYes(value);
  } else if (!input.dataset.typing) {
    if (input.value !== value) input.value = value;
    input.readOnly = column === "what" && ["along", "within", "lines", "polygons", "classes"].some((name) => entry[name]);
  }
  if (list === "crews" && (store.night.shift || {})[column]) input.placeholder = store.night.shift[column];
  const wrong = complaintsOf(list, table, row).filter((one) => fieldOf(list, one.cell) === column);
  box.className = wrong.length ? "bad" : "";
  input.title = wrong.length ? wrong.map((one) => one[`sentence_${store.lang}`]).join("\n") : value;
  if (wrong.length) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// In which column a complaint's field stands.
function fieldOf(list, { field }) {
  const columns = COLUMNS[list];
  if (columns[field]) return field;
  if (["names", "street", "classes", "along", "within", "lines", "polygons", null].includes(field) && columns.what) return "what";
  if (list === "crews") return { id: "prefix", area: "prefix", speed_factor: "prefix" }[field] || "prefix";
  if (list === "hotspots") return field === "lon" || field === "lat" || !field ? "name" : "open";
  return Object.keys(columns)[0];
}

// Writes what the map says of a row: its street and metres, or its length.
function fillFact(box, list, { table, row }) {
  const { drawn } = store.shown;
  const found = list === "hotspots" ? ((drawn.hotspots[table] || {}).rows || [])[row] : (drawn[list] || [])[row];
  box.className = found && found.is_far ? "fact far" : "fact";
  if (!found) box.textContent = "";
  else if (found.arcs) box.textContent = say("length", { km: (found.metres / 1000).toFixed(1) });
  else box.textContent = say("snap", { street: found.street || say("unnamed"), metres: Math.round(found.metres) });
}

const isOnMap = (list) => list !== "crews" && list !== "key_hours";

// Shows the list that is open. While its shape stays, its cells stay too: nobody who types loses the cursor.
function showTable() {
  const { list } = store;
  const table = byId("table");
  const columns = Object.entries(COLUMNS[list]);
  const rows = rowsOf(list);
  const shape = JSON.stringify([list, store.lang, rows.map((place) => place.table || 0)]);
  if (table.dataset.shape !== shape) {
    table.dataset.shape = shape;
    table.replaceChildren(...(rows.length ? [head(list, columns), ...rows.map((place) => line(list, place, columns))] : [noRow(list)]));
  }
  rows.forEach((place, index) => {
    const boxes = table.rows[index + 1].cells;
    columns.forEach(([column, kind], at) => fillCell(boxes[at], list, place, column, kind));
    if (isOnMap(list)) fillFact(boxes[columns.length], list, place);
  });
  markSelected();
}

function noRow(list) {
  const made = element("tr");
  made.append(element("td", say(`none_${list}`), "none"));
  return made;
}

function head(list, columns) {
  const made = element("tr");
  for (const [column] of columns) made.append(element("th", say(`column_${column}`)));
  if (isOnMap(list)) made.append(element("th", say("on_map")));
  made.append(element("th"));
  return made;
}

function line(list, place, columns) {
  const made = element("tr");
  const { table, row } = place;
  made.dataset.row = `${table || 0}/${row}`;
  for (const [column, kind] of columns) made.append(cell(list, place, column, kind));
  if (isOnMap(list)) made.append(element("td", "", "fact"));
  const last = element("td");
  const button = element("button", "✕", "del");
  button.title = say("remove");
  button.setAttribute("aria-label", say("remove"));
  button.addEventListener("click", () => {
    store.selected = { list, table, row };
    removeSelected();
  });
  last.append(button);
  made.append(last);
  made.addEventListener("click", (event) => event.target.tagName === "TD" && select({ list, table, row }));
  return made;
}

function markSelected() {
  for (const one of byId("table").rows) {
    const [table, row] = (one.dataset.row || "/").split("/").map(Number);
    one.classList.toggle("on", one.dataset.row !== undefined && isSelected(store.list, table, row));
  }
}

// Shows a row that was chosen on the map, and on the map one that was chosen in the table if it is out of sight.
function follow() {
  markSelected();
  const row = byId("table").querySelector("tr.on");
  if (row) row.scrollIntoView({ block: "nearest" });
  const { selected } = store;
  if (!selected || !map.view) return;
  const points = pointsOf(selected.list, selected.table, selected.row);
  const isSeen = ([left, top]) => left > 0 && top > 0 && left < map.view.width && top < map.view.height;
  if (points.length && !points.some((point) => isSeen(map.view.pixel(point)))) fitTo(points);
}

// The buttons stay: one that is pressed while a cell is left must still be there when it is let go.
function showLists() {
  const bar = byId("lists");
  if (!bar.children.length) {
    for (const list of LISTS) {
      const button = element("button");
      button.setAttribute("role", "tab");
      button.dataset.list = list;
      button.append(element("span"), element("span", "", "count"));
      button.addEventListener("click", () => open(list));
      bar.append(button);
    }
  }
  for (const button of bar.children) {
    const { list } = button.dataset;
    const count = list === "crews" ? store.night.crews.reduce((sum, one) => sum + (Number(one.count) || 1), 0) : rowsOf(list).length;
    button.firstChild.textContent = say(`list_${list}`);
    button.lastChild.textContent = count ? ` ${count}` : "";
    button.setAttribute("aria-selected", String(list === store.list));
    button.classList.toggle("bad", complaintsOf(list).length > 0);
  }
}

export function open(list) {
  store.list = list;
  changed("list");
}

// Below each list: how a row is added that is not clicked on the map.
function showAdding() {
  const box = byId("adding");
  box.replaceChildren();
  const add = (word, make) => {
    const button = element("button", say(word));
    button.dataset.add = word;
    button.addEventListener("click", make);
    box.append(button);
  };
  const { list } = store;
  const push = (entry, where) => edit((night) => { night[where || list] = [...(night[where || list] || []), entry]; });
  if (list === "crews") {
    add("add_crews", () => push({ depot: (store.night.depots[0] || { id: "" }).id, count: 2, prefix: freePrefix() }));
  } else if (list === "streets") {
    const name = field("add_street_name");
    box.append(name);
    add("add_street", () => name.value.trim() && push({ names: [name.value.trim()], priority: 3, required: false, visits: 2 }));
    for (const one of CLASSES) add(`add_${one}`, () => push({ classes: [one], priority: 4 - CLASSES.indexOf(one), required: one === "primary", visits: 2 }));
  } else if (list === "closures") {
    const name = field("add_street_name");
    box.append(name);
    add("add_closure", () => name.value.trim() && push({ names: [name.value.trim()] }));
  } else if (list === "slow") {
    const name = field("add_street_name");
    box.append(name);
    add("add_slow", () => name.value.trim() && push({ names: [name.value.trim()], factor: 0.5 }));
  } else if (list === "key_hours") {
    add("add_key_hours", () => push({ hours: ["21:30-23:00"], weight: 2 }));
  } else {
    box.append(element("span", say(`add_${list}_hint`)), ...listChoice(list));
  }
}

function field(word) {
  const input = element("input");
  input.id = "new-name";
  input.setAttribute("list", "street-names");
  input.placeholder = say(word);
  input.setAttribute("aria-label", say(word));
  input.addEventListener("keydown", (event) => event.key === "Enter" && byId("adding").querySelector("button").click());
  return input;
}

// Adds the places of a list: a table or points of GeoJSON, in the coordinates that somebody says they are in.
function listChoice(list) {
  const datum = element("select");
  for (const one of ["gcj02", "bd09", "wgs84"]) datum.append(new Option(say(`datum_${one}`), one));
  datum.setAttribute("aria-label", say("datum"));
  const file = element("input");
  Object.assign(file, { type: "file", accept: ".csv,.xlsx,.geojson,.json", hidden: true, id: "list-file" });
  const button = element("button", say("add_list"));
  button.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [given] = file.files;
    file.value = "";
    if (!given) return;
    const form = given.name.toLowerCase().split(".").pop();
    const known = rowsOf(list).length;
    try {
      take(await ask(`/night/list?list=${list}&form=${form}&crs=${datum.value}&revision=${store.shown.revision}`, { method: "POST", body: given }));
      tell(say("list_added", { number: rowsOf(list).length - known }));
    } catch (error) {
      await failed(error);
    }
  });
  return [button, datum, file];
}

function freePrefix() {
  const taken = store.night.crews.map((one) => one.prefix || "P");
  return "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("").find((one) => !taken.includes(one)) || "Z";
}

// Names that inputs offer: the streets of the map, the kinds of hotspots.
export function offerNames() {
  for (const [id, names] of [["street-names", map.network.names.filter(Boolean)], ["kinds", KINDS]]) {
    const known = byId(id) || element("datalist");
    known.id = id;
    known.replaceChildren(...names.map((name) => new Option(name)));
    document.body.append(known);
  }
}

onChange((what) => {
  if (!store.shown || !store.words) return;
  if (["selected", "list", "night", "shown", "lang", "start"].includes(what)) {
    const isSameList = byId("table").dataset.list === store.list;
    byId("table").dataset.list = store.list;
    if (what !== "selected" || !isSameList) {
      showLists();
      showTable();
      if (!isSameList || (what !== "night" && what !== "shown")) showAdding();
    }
    if (what === "selected") follow();
    else markSelected();
  }
});
