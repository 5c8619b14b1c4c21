// Plans that were made: the clock map, the files, the list; two of them on one map with what differs.

import { store, say, ask, failed, changed, percent, byId, element, onChange } from "./store.js";
import { map, COLOURS, fitTo } from "./map.js";

export const kept = { shown: null, before: null, after: null, files: [] };

export function figuresOf(plan) {
  const name = plan.label ? say("plan_label", { crews: plan.label.crews, to: plan.to }) : say("plan_at", { number: plan.number });
  return [name, `${plan.out}/${plan.crews}`, percent(plan.seen), percent(plan.share), String(plan.missed), String(plan.km)];
}

function table(heads, rows) {
  const made = element("table");
  const head = element("tr");
  for (const one of heads) head.append(element("th", one));
  made.append(head);
  made.append(...rows);
  return made;
}

function planRow(plan) {
  const line = element("tr", null, kept.shown === plan.number ? "acts on" : "acts");
  line.tabIndex = 0;
  line.dataset.plan = plan.number;
  figuresOf(plan).forEach((text, index) => line.append(element("td", text, index === 4 && plan.missed ? "bad-text" : "")));
  const show = () => showPlan(plan.number);
  line.addEventListener("click", show);
  line.addEventListener("keydown", (event) => event.key === "Enter" && show());
  return line;
}

export async function showPlan(number) {
  kept.shown = number;
  byId("clock-map").src = `/plans/${number}/map.html?lang=${store.lang}`;
  try {
    kept.files = await ask(`/plans/${number}/files`);
  } catch (error) {
    await failed(error);
  }
  store.view = "plan";
  changed("view");
}

function showList() {
  const box = byId("plan-list");
  if (!store.plans.length) {
    box.replaceChildren(element("p", say("no_plan"), "none"));
    byId("plan-files").replaceChildren();
    return;
  }
  const heads = ["plan_head", "out_head", "seen", "points", "missed_head", "km_head"].map((word) => say(word));
  box.replaceChildren(table(heads, store.plans.map(planRow)));
  showFiles();
}

function link(text, address, isKept) {
  const made = element("a", text);
  made.href = address;
  if (isKept) made.download = "";
  else made.target = "_blank";
  made.rel = "noopener";
  return made;
}

function showFiles() {
  const box = byId("plan-files");
  box.replaceChildren();
  if (!kept.shown) return;
  const own = `/plans/${kept.shown}`;
  const row = element("div", null, "row links");
  row.append(link(say("all_files"), `${own}/files.zip?lang=${store.lang}`, true));
  for (const name of ["map.html", "sheets.html", "commander.html"]) {
    if (kept.files.some((file) => file.name === name)) row.append(link(say(`open_${name.split(".")[0]}`), `${own}/${name}?lang=${store.lang}`));
  }
  box.append(element("h2", say("files")), row);
  const list = element("ul");
  for (const file of kept.files) {
    const line = element("li");
    line.append(link(file.name, `${own}/${file.name}?lang=${store.lang}`, !file.name.endsWith(".html")), element("span", `　${file[store.lang]}`));
    list.append(line);
  }
  box.append(list);
}

// Two plans on one map

function choiceOf(which) {
  const choice = element("select");
  choice.id = `compare-${which}`;
  for (const plan of store.plans) choice.append(new Option(figuresOf(plan).slice(0, 3).join("　"), String(plan.number)));
  const usual = store.plans[which === "after" ? 0 : Math.min(1, store.plans.length - 1)];
  if (!store.plans.some((plan) => plan.number === kept[which])) kept[which] = usual ? usual.number : null;
  choice.value = String(kept[which]);
  choice.addEventListener("change", () => {
    kept[which] = Number(choice.value);
    fetchCompared();
  });
  return choice;
}

function showCompare() {
  const box = byId("compare-pick");
  box.replaceChildren();
  if (store.plans.length < 2) {
    box.append(element("p", say("two_plans_needed"), "none"));
    map.compared = null;
    byId("compare-found").replaceChildren();
    return;
  }
  for (const which of ["before", "after"]) {
    const row = element("label", null, "row");
    const swatch = element("span", null, "swatch");
    swatch.style.color = which === "before" ? COLOURS.first : COLOURS.second;
    row.append(swatch, element("span", say(which)), choiceOf(which));
    box.append(row);
  }
  fetchCompared();
}

async function fetchCompared() {
  const key = `${kept.before}/${kept.after}/${store.lang}`;
  if (store.view !== "compare" || (map.compared && map.compared.key === key)) return;
  byId("compare-found").replaceChildren(element("p", say("comparing"), "none"));
  try {
    const found = await ask(`/compare/${kept.before}/${kept.after}?lang=${store.lang}`);
    map.compared = { ...found, key };
    map.chosenTask = null;
    map.chosenCrew = null;
    changed("compared");
  } catch (error) {
    await failed(error);
  }
}

function showDifferences() {
  const box = byId("compare-found");
  const { compared } = map;
  if (!compared) return;
  const legend = element("ul", null, "legend");
  for (const word of ["more", "fewer", "same"]) {
    const line = element("li");
    const swatch = element("span", null, "swatch");
    swatch.style.color = COLOURS[word];
    line.append(swatch, element("span", say(`seen_${word}`)));
    legend.append(line);
  }
  const words = element("details");
  words.append(element("summary", say("in_words")), element("pre", compared.words));
  const differing = compared.tasks.filter((task) => task.seen[0] !== task.seen[1]);
  const rows = differing.slice(0, 200).map((task) => {
    const line = element("tr", null, "acts");
    line.tabIndex = 0;
    const change = task.seen[1] - task.seen[0];
    const cells = [task.name || say("unnamed"), String(task.priority), `${task.seen[0]} → ${task.seen[1]}`, change > 0 ? `+${change}` : String(change)];
    for (const text of cells) line.append(element("td", text));
    const choose = () => {
      map.chosenTask = task.id;
      const points = task.point ? [task.point] : task.lines.flat();
      fitTo(points.map((point) => map.network.world(point)));
      for (const other of line.parentNode.children) other.classList.toggle("on", other === line);
    };
    line.addEventListener("click", choose);
    line.addEventListener("keydown", (event) => event.key === "Enter" && choose());
    return line;
  });
  const heads = ["column_what", "column_priority", "times_seen", "change"].map((word) => say(word));
  box.replaceChildren(legend, crewChoice(compared), words, element("h2", say("differing", { number: differing.length })), table(heads, rows));
}

// A crew whose ways in both plans are drawn.
function crewChoice(compared) {
  const row = element("label", null, "row");
  const choice = element("select");
  choice.id = "compare-crew";
  choice.append(new Option("—", ""));
  const crews = [...new Set(compared.routes.flat().map((route) => route.crew))];
  for (const crew of crews) choice.append(new Option(crew, crew));
  choice.value = map.chosenCrew || "";
  choice.addEventListener("change", () => {
    map.chosenCrew = choice.value || null;
    map.view.later();
  });
  row.append(element("span", say("routes_of")), choice);
  return row;
}

onChange((what) => {
  if (!store.words || !store.shown) return;
  if (["plans", "view", "lang", "start"].includes(what)) {
    showList();
    if (store.view === "compare") showCompare();
    if (what === "lang" && kept.shown) byId("clock-map").src = `/plans/${kept.shown}/map.html?lang=${store.lang}`;
  }
  if (what === "compared" || (what === "lang" && map.compared)) showDifferences();
});

