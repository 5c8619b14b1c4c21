// Which columns a list has, how a value stands in a cell, and how what is typed there stands in the night.
// What columns there are, their titles and words, comes from the server: the workbook's declaration.

import { store, say } from "./store.js";

export const LISTS = ["depots", "crews", "streets", "hotspots", "closures", "slow", "key_hours", "basics"];

const WHAT = { entry: "what", kind: "what", needed: true }; // which streets: names, classes, drawings

// Columns that come first; those with a mark, and all others, are there when a row fills them or somebody asks for them.
const FIRST = {
  depots: ["id", "name", "lon", "lat"],
  crews: ["id?", "prefix", "count", "depot", "start", "end", "mode"],
  streets: ["what", "priority", "required", "visits", "headway_min", "max_gap_min"],
  hotspots: ["name", "kind", "open", "close", "dwell_min", "priority", "required", "visits"],
  closures: ["what", "hours"],
  slow: ["what", "factor", "hours"],
  key_hours: ["hours", "weight", "what"],
};

// What need not be asked for where every row says it otherwise.
const INSTEAD = { crews: { prefix: "id", count: "id" }, hotspots: { open: "windows", close: "windows" } };
const ON_MAP = { hotspots: ["lon", "lat"] }; // where a place is stands beside it already


// Settings that have a field of their own at the head of the page or at its foot.
export const HEAD = {
  name: "night-name", date: "night-date", "shift.start": "shift-start", "shift.end": "shift-end", "solve.goal": "goal", "solve.time_limit_s": "seconds",
};

export const CLASSES = ["primary", "secondary", "tertiary"];
const DRAWINGS = ["along", "within", "lines", "polygons"];
const asked = new Set(); // lists of which all columns are wanted

export function wantMore(list) {
  if (asked.has(list)) asked.delete(list);
  else asked.add(list);
}

export function wantsMore(list) {
  return asked.has(list);
}

export function hasMore(list) {
  return list !== "basics" && store.words.columns[list].length > FIRST[list].filter((entry) => entry !== "what").length;
}

// The columns of a list as it stands, the first ones first.
export function columnsOf(list, rows) {
  const known = store.words.columns[list];
  if (list === "basics") return known.filter((one) => !HEAD[one.entry]);
  const fills = (row, entry) => valueAt(row.entry, entry) !== undefined;
  const isFilled = (entry) => asked.has(list) || (rows.some((row) => fills(row, entry)) && !(ON_MAP[list] || []).includes(entry));
  const isAsked = (entry) => {
    const other = (INSTEAD[list] || {})[entry];
    return isFilled(entry) || !other || !rows.length || !rows.every((row) => fills(row, other));
  };
  const marked = FIRST[list].map((entry) => entry.replace("?", ""));
  const first = FIRST[list].filter((entry) => (entry.endsWith("?") ? isFilled(entry.slice(0, -1)) : isAsked(entry))).map((entry) => entry.replace("?", ""));
  const rest = known.map((one) => one.entry).filter((entry) => !marked.includes(entry) && isFilled(entry));
  return [...first, ...rest].map((entry) => (entry === "what" ? WHAT : known.find((one) => one.entry === entry)));
}

export function titleOf(column) {
  return column.entry === "what" ? say("column_what") : column.title[store.lang];
}

export function hintOf(column) {
  return column.hint ? column.hint[store.lang] : "";
}

// Parts of an entry by their paths, such as break.minutes; what is empty is left out, and so is a table of nothing.
export function valueAt(entry, path) {
  const found = path.split(".").reduce((held, name) => (held && typeof held === "object" ? held[name] : undefined), entry);
  return found === null ? undefined : found;
}

function putAt(entry, path, value) {
  const [name, ...rest] = path.split(".");
  if (rest.length) {
    const held = entry[name] && typeof entry[name] === "object" ? entry[name] : {};
    putAt(held, rest.join("."), value);
    if (Object.keys(held).length) entry[name] = held;
    else delete entry[name];
  } else if (value === undefined) {
    delete entry[name];
  } else {
    entry[name] = value;
  }
}

// What an entry means, as it is typed: names with commas; drawings and classes by what they are called.
export function whatOf(entry) {
  const parts = [];
  if (entry.names && entry.names.length) parts.push([].concat(entry.names).join("、"));
  if (entry.classes) parts.push([].concat(entry.classes).map((one) => (CLASSES.includes(one) ? say(`class_${one}`) : one)).join("、"));
  for (const name of DRAWINGS) if (entry[name]) parts.push(calledOf(entry[name]) || say(`drawn_${name}`));
  return parts.join(" + ");
}

export function isDrawn(entry) {
  return [...DRAWINGS, "classes"].some((name) => entry[name]);
}

function calledOf(drawing) {
  if (typeof drawing === "string") return drawing;
  const features = drawing.features || [drawing];
  return features.map((one) => (one.properties || {}).name).filter(Boolean).join("、");
}

// Words of what may be chosen, in the language of the page.
export function optionsOf({ kind, options, needed }) {
  if (kind === "depot") return [...(needed ? [] : [["", ""]]), ...store.night.depots.map((one) => [one.id, one.name || one.id])];
  return options.map(([value, ...words]) => [value, words[store.lang === "zh" ? 0 : 1]]);
}

function spoken(column, value) {
  const known = column.options && column.kind !== "number" ? optionsOf(column).find(([one]) => one === value) : undefined;
  return known ? known[1] : String(value);
}

function meant(column, text) {
  const known = (column.options || []).find((words) => words.some((word) => word.toLowerCase() === text.toLowerCase()));
  return known ? known[0] : text;
}

// What stands in a cell.
export function textOf(entry, column) {
  if (column.kind === "what") return whatOf(entry);
  const value = valueAt(entry, column.entry);
  if (value === undefined) return "";
  if (column.kind === "choice" || column.kind === "depot") return String(value);
  if (column.kind === "several") return [].concat(value).map((one) => spoken(column, one)).join("、");
  if (column.kind === "drawn" && typeof value === "object") return calledOf(value) || say("drawn_within");
  return typeof value === "object" ? JSON.stringify(value) : spoken(column, value);
}

// Writes what was typed into an entry; what is emptied is left out, what is no number stays for the server to refuse.
export function put(entry, column, typed) {
  const { entry: path, kind, needed } = column;
  const value = typed.trim();
  if (kind === "what" || kind === "several") {
    const parts = value.split(/[、,，;；|]/).map((one) => one.trim()).filter(Boolean).map((one) => meant(column, one));
    const isKept = parts.length || (needed && kind !== "what");
    putAt(entry, kind === "what" ? "names" : path, isKept ? parts : undefined);
  } else if (!value && !needed) {
    putAt(entry, path, undefined);
  } else if (kind === "number" && value !== "" && Number.isFinite(Number(value))) {
    putAt(entry, path, Number(value));
  } else {
    putAt(entry, path, meant(column, value.replace("：", ":")));
  }
}

export function putYes(entry, column, list, isChecked) {
  const no = list === "basics" ? undefined : false; // a table of settings that says no alone would still hold
  putAt(entry, column.entry, list === "hotspots" ? (isChecked ? "yes" : "no") : isChecked || no);
}

export function isYes(entry, column) {
  const value = valueAt(entry, column.entry);
  return value !== undefined && ["true", "yes", "是", "1", "y", "√", "✓", "必巡"].includes(String(value).toLowerCase());
}

// Of the head of the table: entries of a night that no list of the page shows.
export function besides() {
  return Object.entries(store.words.besides).filter(([name]) => store.night[name] !== undefined);
}
