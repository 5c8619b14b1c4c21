// What is still to do and what is wrong, each a click from its cell; the doctor is asked when the typing pauses.

import { store, say, ask, select, changed, byId, element, onChange } from "./store.js";
import { HEAD, LISTS, titleOf, whatOf } from "./columns.js";
import { rowsOf, open } from "./tables.js";

const PAUSE_MS = 1200;
let waiting = 0;

function item(kind, text, remedy, go) {
  const made = element("li", null, kind);
  if (go) {
    const button = element("button", text, "at");
    button.addEventListener("click", go);
    made.append(button);
  } else {
    made.append(element("span", text));
  }
  if (remedy) made.append(element("div", remedy, "remedy"));
  return made;
}

// Says what a complaint is about as the tables call it, in place of the entry's name in a file.
function worded(one) {
  const sentence = one[`sentence_${store.lang}`];
  const { cell } = one;
  if (!cell || !LISTS.includes(cell.list)) return sentence;
  const place = rowsOf(cell.list).find((each) => each.row === cell.row && (each.table || 0) === (cell.table || 0));
  const rest = sentence.replace(/^[a-z_]+(\[\d+\])?(\.[a-z_]+|\[\d+\])*(：|: )/, "").replace(/^(第 \d+ 行|row \d+)(（[^）]*）| \([^)]*\))?(：|: )/, "");
  const isSetting = cell.list === "basics";
  const name = place && !isSetting ? place.entry.name || place.entry.id || place.entry.prefix || whatOf(place.entry) : "";
  const head = [isSetting ? "" : say(`list_${cell.list}`), name || (cell.row === null || isSetting ? "" : String(cell.row + 1)), columnOf(cell)].filter(Boolean);
  return `${head.join(" ")}${store.lang === "zh" ? "：" : ": "}${rest}`;
}

function columnOf({ list, field }) {
  const column = store.words.columns[list].find((one) => one.entry === field);
  return column ? titleOf(column) : "";
}

// Opens the list of a complaint and puts the cursor into its cell.
function goTo(cell) {
  const { list, table, row, field } = cell;
  if (list === "basics" && HEAD[field]) {
    byId(HEAD[field]).focus();
    return;
  }
  if (!LISTS.includes(list) || !document.querySelector(`[data-list="${list}"]`)) return;
  open(list);
  if (row === null) return;
  if (list !== "basics") select({ list, table, row });
  const inputs = [...document.querySelectorAll(`[data-cell^="${list}/${table || 0}/${row}/"]`)];
  const wrong = inputs.find((one) => one.dataset.cell.endsWith(`/${field}`)) || inputs.find((one) => one.getAttribute("aria-invalid")) || inputs[0];
  if (wrong) wrong.focus();
}

function show() {
  const box = byId("problems");
  const list = element("ul");
  const { shown, lang } = store;
  for (const one of shown.todo) list.append(item("todo", say(`todo_${one}`), "", () => open(one === "tasks" ? "streets" : one)));
  for (const one of [...shown.complaints, ...(shown.revision === store.openedAt ? shown.of_file.filter(isNew) : [])]) {
    const cell = one.cell && rowsOf(one.cell.list) ? one.cell : null;
    list.append(item("error", worded(one), one[`remedy_${lang}`], cell && (() => goTo(cell))));
  }
  const findings = store.findings || [];
  for (const one of findings.filter((found) => found.level !== "note")) list.append(item(one.level, one.said, one.remedy));
  box.replaceChildren(list);
  const notes = findings.filter((found) => found.level === "note");
  if (notes.length) {
    const more = element("details");
    more.append(element("summary", say("notes", { number: notes.length })));
    const rest = element("ul");
    for (const one of notes) rest.append(item("note", one.said, one.remedy));
    more.append(rest);
    box.append(more);
  }
  if (!shown.todo.length && !shown.complaints.length && !findings.some((found) => found.level !== "note")) {
    list.append(item(store.findings ? "fine" : "todo", say(store.findings ? "fine" : "checking")));
  }
  box.dataset.state = shown.todo.length || shown.complaints.length ? "wrong" : store.findings ? "checked" : "checking";
}

// A complaint about the file that the night itself does not make.
function isNew(one) {
  return !store.shown.complaints.some((known) => JSON.stringify(known.path) === JSON.stringify(one.path) && known.code === one.code);
}

async function check() {
  const { revision } = store.shown;
  try {
    const answer = await ask(`/night/check?lang=${store.lang}`);
    if (answer.revision !== store.shown.revision || answer.revision !== revision) return;
    store.findings = answer.findings;
    changed("findings");
  } catch (error) {
    if (error.status !== 422) return;
    store.findings = error.content.complaints.map((one) => ({ level: "error", said: one[`sentence_${store.lang}`], remedy: one[`remedy_${store.lang}`] }));
    changed("findings");
  }
}

onChange((what) => {
  if (!store.shown || !store.words) return;
  if (["shown", "findings", "lang", "start"].includes(what)) show();
  if (["shown", "lang", "start"].includes(what)) {
    clearTimeout(waiting);
    if (what === "lang") store.findings = null;
    if (!store.shown.todo.length && !store.shown.complaints.length) waiting = setTimeout(check, PAUSE_MS);
  }
});
