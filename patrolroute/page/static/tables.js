// The lists beside the map: rows to edit, each tied to what it is on the map; complaints stand at their cells.

import { store, say, ask, edit, take, tell, failed, select, isSelected, byId, element, onChange, changed } from "./store.js";
import {
  LISTS, CLASSES, columnsOf, hasMore, wantMore, wantsMore, titleOf, hintOf, textOf, put, putYes, isYes, isDrawn, whatOf, optionsOf, besides,
} from "./columns.js";
import { map, pointsOf, fitTo } from "./map.js";
import { removeSelected } from "./tools.js";



const WIDE = { kind: 8, lon: 9, lat: 8, what: 16, name: 10, id: 8, prefix: 8, hours: 14, place: 16, area: 12, windows: 12, "break.windows": 12 }; // letters of a column's texts

// Rows of a list with where each stands: {entry, table, row}.
export function rowsOf(list) {
  if (list === "basics") return [{ entry: store.night, table: null, row: 0 }];
  if (list === "hotspots") {
    return (store.night.hotspots || []).flatMap((table, at) => (table.data || []).map((entry, row) => ({ entry, table: at, row })));
  }
  return (store.night[list] || []).map((entry, row) => ({ entry, table: null, row }));
}

function entryOf(night, list, table, row) {
  if (list === "basics") return night;
  return list === "hotspots" ? night.hotspots[table].data[row] : night[list][row];
}

export function complaintsOf(list, table, row) {
  return store.shown.complaints.filter(({ cell }) => cell && cell.list === list && (row === undefined || (cell.row === row && (cell.table || 0) === (table || 0))));
}

// Makes the cell of a row; what stands in it is written by `fillCell`.
function cell(list, { table, row }, column) {
  const box = element("td");
  const isChosen = column.kind === "choice" || column.kind === "depot";
  const input = element(isChosen ? "select" : "input");
  if (!isChosen) input.type = column.kind === "yes" ? "checkbox" : "text";
  if (input.type === "text") input.size = WIDE[column.entry] || (column.kind === "number" ? 3 : column.kind === "several" ? 10 : 5);
  if (!isChosen && input.type === "text") input.style.minWidth = `${input.size * 0.6 + 1.4}em`;
  if (isChosen) input.style.minWidth = column.kind === "depot" ? "8em" : "4.5em";
  if (column.kind === "number") input.inputMode = "decimal";
  if (!isChosen && column.options && column.options.length) input.setAttribute("list", `of-${list}-${column.entry}`);
  input.dataset.cell = `${list}/${table || 0}/${row}/${column.entry}`;
  input.setAttribute("aria-label", titleOf(column));
  input.addEventListener("focus", () => list === "basics" || isSelected(list, table, row) || select({ list, table, row }));
  input.addEventListener("input", () => { input.dataset.typing = "yes"; });
  input.addEventListener("change", () => {
    delete input.dataset.typing;
    const typed = column.kind === "yes" ? input.checked : input.value;
    edit((night) => {
      const target = entryOf(night, list, table, row);
      const before = target.id;
      if (typeof typed === "boolean") putYes(target, column, list, typed);
      else put(target, column, typed);
      if (list !== "depots" || column.entry !== "id") return;
      for (const crew of night.crews) for (const end of ["depot", "end_depot"]) if (crew[end] === before) crew[end] = target.id;
    });
  });
  input.addEventListener("keydown", (event) => {
    if (input.tagName === "SELECT" || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const next = document.querySelector(`[data-cell="${list}/${table || 0}/${row + (event.key === "ArrowDown" ? 1 : -1)}/${column.entry}"]`);
    if (next) next.focus();
    event.preventDefault();
  });
  box.append(input);
  return box;
}

// Writes into a cell what the night holds, and what is wrong with it; what somebody is typing stays.
function fillCell(box, list, { entry, table, row }, column) {
  const input = box.firstChild;
  const value = textOf(entry, column);
  if (input.tagName === "SELECT") {
    const options = optionsOf(column);
    const usual = column.entry === "mode" ? "car" : "";
    const shown = value || usual;
    if (!options.some(([one]) => one === shown)) options.unshift([shown, shown]);
    const key = JSON.stringify(options);
    if (input.dataset.options !== key) {
      input.replaceChildren(...options.map(([one, name]) => new Option(name, one)));
      input.dataset.options = key;
    }
    input.value = shown;
  } else if (column.kind === "yes") {
    input.checked = isYes(entry, column);
  } else if (!input.dataset.typing) {
    if (input.value !== value) input.value = value;
    input.readOnly = column.kind === "what" && isDrawn(entry);
  }
  if (list === "crews" && (store.night.shift || {})[column.entry]) input.placeholder = store.night.shift[column.entry];
  const wrong = complaintsOf(list, table, row).filter((one) => fieldOf(list, one.cell) === column.entry);
  box.className = wrong.length ? "bad" : "";
  input.title = wrong.length ? wrong.map((one) => one[`sentence_${store.lang}`]).join("\n") : value || hintOf(column);
  if (wrong.length) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// In which column of the table, as it stands, a complaint's field is told.
function fieldOf(list, { field }) {
  const entries = columnsOf(list, rowsOf(list)).map((one) => one.entry);
  if (entries.includes(field)) return field;
  if (entries.includes("what") && [null, "names", "street", "classes", "along", "within", "lines", "polygons"].includes(field)) return "what";
  if (list === "hotspots") return field === "lon" || field === "lat" || !field ? "name" : "open";
  return entries[0];
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

const isOnMap = (list) => !["crews", "key_hours", "basics"].includes(list);

// Shows the list that is open. While its shape stays, its cells stay too: nobody who types loses the cursor.
function showTable() {
  const { list } = store;
  const table = byId("table");
  const rows = rowsOf(list);
  const columns = columnsOf(list, rows);
  const shape = JSON.stringify([list, store.lang, rows.map((place) => place.table || 0), columns.map((one) => one.entry)]);
  const isNew = table.dataset.shape !== shape;
  table.dataset.shape = shape;
  if (list === "basics") {
    showBasics(table, rows[0], columns, isNew);
    return;
  }
  const focused = document.activeElement ? document.activeElement.dataset.cell : undefined;
  if (isNew) table.replaceChildren(...(rows.length ? [head(list, columns), ...rows.map((place) => line(list, place, columns))] : [noRow(list)]));
  rows.forEach((place, index) => {
    const boxes = table.rows[index + 1].cells;
    columns.forEach((column, at) => fillCell(boxes[at], list, place, column));
    if (isOnMap(list)) fillFact(boxes[columns.length], list, place);
  });
  const again = isNew && focused ? document.querySelector(`[data-cell="${focused}"]`) : null;
  if (again) again.focus();
  markSelected();
}

// Shows the settings of the night: an entry a row, with what may stand there.
function showBasics(table, place, columns, isNew) {
  if (isNew) {
    table.replaceChildren(...columns.map((column) => {
      const made = element("tr");
      made.append(element("td", titleOf(column), "entry"), cell("basics", place, column), element("td", hintOf(column), "hint"));
      return made;
    }));
  }
  columns.forEach((column, at) => fillCell(table.rows[at].cells[1], "basics", place, column));
}

function noRow(list) {
  const made = element("tr");
  made.append(element("td", say(`none_${list}`), "none"));
  return made;
}

function head(list, columns) {
  const made = element("tr");
  for (const column of columns) {
    const title = element("th", titleOf(column));
    title.title = hintOf(column);
    made.append(title);
  }
  if (isOnMap(list)) made.append(element("th", say("on_map")));
  made.append(element("th"));
  return made;
}

function line(list, place, columns) {
  const made = element("tr");
  const { table, row } = place;
  made.dataset.row = `${table || 0}/${row}`;
  for (const column of columns) made.append(cell(list, place, column));
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
    const cars = list === "crews" ? store.night.crews.reduce((sum, one) => sum + (Number(one.count) || 1), 0) : 0;
    const count = list === "basics" ? 0 : cars || rowsOf(list).length;
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
  if (list === "basics") {
    showBesides(box);
  } else if (list === "crews") {
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
  if (hasMore(list)) {
    add(wantsMore(list) ? "fewer_columns" : "more_columns", () => {
      wantMore(list);
      changed("list");
      showAdding();
    });
  }
}

// Says what the night has besides, so that nobody takes it for lost.
function showBesides(box) {
  box.append(element("p", say("settings_hint"), "hint"));
  const held = besides();
  if (!held.length) return;
  box.append(element("p", say("besides"), "hint"));
  const list = element("ul", null, "hint");
  for (const [name, meaning] of held) list.append(element("li", `${name} – ${meaning[store.lang]}`));
  box.append(list);
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

// Letters with which no crew's name begins that has nothing but digits behind them: A, B, … Z, AA, …
function freePrefix() {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
  const stems = store.night.crews.map((one) => (one.id ? String(one.id).replace(/\d+$/, "") : one.prefix || "P"));
  const names = [...letters, ...letters.flatMap((first) => letters.map((second) => first + second))];
  return names.find((one) => !stems.includes(one)) || "";
}

// Names that inputs offer: the streets of the map, and words of the night such as kinds of hotspots.
export function offerNames() {
  const offered = [["street-names", map.network.names.filter(Boolean)]];
  for (const list of LISTS) {
    for (const column of store.words.columns[list]) {
      if (column.options.length && column.kind !== "choice") offered.push([`of-${list}-${column.entry}`, optionsOf(column).map(([, name]) => name)]);
    }
  }
  for (const [id, names] of offered) {
    const known = byId(id) || element("datalist");
    known.id = id;
    known.replaceChildren(...names.map((name) => new Option(name)));
    document.body.append(known);
  }
}

onChange((what) => {
  if (!store.shown || !store.words) return;
  if (what === "lang") offerNames();
  if (["selected", "list", "night", "shown", "lang", "start"].includes(what)) {
    const isSameList = byId("table").dataset.list === store.list;
    byId("table").dataset.list = store.list;
    if (what !== "selected" || !isSameList) {
      showLists();
      showTable();
      if (!isSameList || store.list === "basics" || (what !== "night" && what !== "shown")) showAdding();
    }
    if (what === "selected") follow();
    else markSelected();
  }
});
