// The page comes up: words, night, map; the head with name, date and hours; opening, saving, the language; the views.

import { store, say, ask, edit, take, stepped, failed, changed, tell, byId, element, onChange } from "./store.js";
import { map, layMap, fitAll } from "./map.js";
import { startTools } from "./tools.js";
import { offerNames } from "./tables.js";
import "./problems.js";
import { startJobs } from "./job.js";
import "./plans.js";
import "./what_if.js";

const VIEWS = { edit: "map-box", compare: "map-box", plan: "clock-map", "what-if": "chart-box" };
const MOST_BYTES = 8 * 1024 * 1024;
let mapKey = "";
let savedAt = 1; // the state that was saved last: the first one came from a file, or is empty

function spell() {
  document.documentElement.lang = store.lang;
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = say(one.dataset.word);
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", say(one.dataset.label));
  byId("lang").textContent = store.lang === "zh" ? "English" : "中文";
  document.title = `${store.night.name || ""} – ${say("title")}`;
}

function showHead() {
  const { night, shown } = store;
  const values = {
    "night-name": night.name, "night-date": night.date, "shift-start": (night.shift || {}).start, "shift-end": (night.shift || {}).end,
  };
  for (const [id, value] of Object.entries(values)) if (document.activeElement !== byId(id)) byId(id).value = value || "";
  const wrong = shown.complaints.map((one) => one.path.join("."));
  for (const [id, path] of [["night-date", "date"], ["shift-start", "shift.start"], ["shift-end", "shift.end"]]) {
    byId(id).setAttribute("aria-invalid", String(wrong.includes(path)));
  }
  byId("undo").disabled = !shown.can_undo;
  byId("redo").disabled = !shown.can_redo;
  const links = store.words.forms.map((form) => {
    const link = element("a", form === "xlsx" ? say("workbook") : form.toUpperCase());
    link.href = `/night/save/${form}`;
    link.addEventListener("click", () => { savedAt = store.shown.revision; });
    link.download = "";
    return link;
  });
  byId("save").replaceChildren(element("span", say("save")), ...links);
}

function startHead() {
  const changes = {
    "night-name": (night, value) => { night.name = value; },
    "night-date": (night, value) => { night.date = value; },
    "shift-start": (night, value) => { night.shift.start = value; },
    "shift-end": (night, value) => { night.shift.end = value; },
  };
  for (const [id, change] of Object.entries(changes)) {
    byId(id).addEventListener("change", () => {
      const value = byId(id).value.trim().replace("：", ":");
      edit((night) => { night.shift = night.shift || {}; change(night, value); });
    });
  }
  byId("undo").addEventListener("click", () => stepped(-1));
  byId("redo").addEventListener("click", () => stepped(1));
  byId("new").addEventListener("click", () => opened("empty", ""));
  byId("open").addEventListener("click", () => byId("open-file").click());
  byId("open-file").addEventListener("change", async () => {
    const [file] = byId("open-file").files;
    byId("open-file").value = "";
    if (!file) return;
    const form = file.name.toLowerCase().split(".").pop();
    if (!store.words.forms.includes(form)) tell(say("forms_known"));
    else if (file.size > MOST_BYTES) tell(say("too_large"));
    else await opened(form, file);
  });
  byId("lang").addEventListener("click", () => {
    store.lang = store.lang === "zh" ? "en" : "zh";
    changed("lang");
  });
  for (const tab of byId("views").querySelectorAll("[data-view]")) {
    tab.addEventListener("click", () => {
      store.view = tab.dataset.view;
      changed("view");
    });
  }
}

async function opened(form, body) {
  try {
    const answer = await ask(`/night/open?form=${form}&revision=${store.shown.revision}`, { method: "POST", body });
    store.selected = null;
    store.openedAt = answer.revision;
    savedAt = answer.revision;
    take(answer);
    await freshMap();
    fitAll();
  } catch (error) {
    await failed(error);
  }
}

// Fetches the map when the night names another one, or another mode.
async function freshMap() {
  const { night, shown } = store;
  const key = JSON.stringify([night.map, shown.mode, night.police_access]);
  if (key === mapKey) return;
  mapKey = key;
  layMap(await ask(`/map?mode=${shown.mode}`));
  offerNames();
}

function showView() {
  for (const tab of byId("views").querySelectorAll("[data-view]")) tab.setAttribute("aria-selected", String(tab.dataset.view === store.view));
  for (const id of new Set(Object.values(VIEWS))) byId(id).hidden = VIEWS[store.view] !== id;
  for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== store.view;
  document.body.dataset.view = store.view;
  if (map.view) map.view.resize();
}

onChange((what) => {
  if (!store.words || !store.shown) return;
  if (what === "lang" || what === "start") spell();
  if (["night", "shown", "lang", "start"].includes(what)) showHead();
  if (what === "view" || what === "start") showView();
  if (what === "shown") freshMap().catch(failed);
});

// What is typed lives as long as the program does: who closes the page is asked first.
window.addEventListener("beforeunload", (event) => {
  if (!store.shown || store.shown.revision === savedAt) return;
  event.preventDefault();
  event.returnValue = "";
});

async function start() {
  store.words = await ask("/words");
  store.lang = store.words.lang;
  const shown = await ask("/night");
  store.shown = shown;
  store.night = shown.night;
  store.openedAt = shown.revision;
  store.plans = await ask("/plans");
  startTools();
  startHead();
  await freshMap();
  changed("start");
  startJobs();
  fitAll();
  document.body.dataset.ready = "yes";
}

start().catch(failed);
