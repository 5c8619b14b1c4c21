// The panel: who comes when, a crew's night, what is left out and why. Every text is set as text.

function openTab(name) {
  for (const button of byId("tabs").children) {
    button.classList.toggle("on", button.dataset.tab === name);
    byId(`tab-${button.dataset.tab}`).hidden = button.dataset.tab !== name;
  }
}

function facts(pairs) {
  const list = element("dl");
  for (const [name, value, kind] of pairs) list.append(element("dt", name), element("dd", value, kind));
  return list;
}

function choose(what, index) {
  state.chosen = what === null ? null : { what, index };
  const place = byId("tab-detail");
  place.textContent = "";
  if (what === "task") place.append(...taskParts(night.tasks[index]));
  if (what === "crew") place.append(...crewParts(index));
  if (what === null) place.append(element("p", say("click")));
  openTab("detail");
  place.scrollTop = 0;
  drawChosen();
  drawCars();
  sayNow();
}

function taskParts(task) {
  const pairs = [[say("priority"), `${task.priority}${task.required ? ` · ${say("required")}` : ""}`]];
  if (task.stop) {
    pairs.push([say("open"), hoursText(task)], [say("dwell_time"), say("minutes", { n: task.dwell_min })]);
    pairs.push([say("stops_on"), task.street]);
  } else pairs.push([say("length"), say("metres", { n: task.length_m })]);
  const isShort = task.missed || task.visits[0] < task.visits[1];
  pairs.push([say("visits_of"), `${task.visits[0]} / ${task.visits[1]}`, isShort ? "bad" : ""]);
  if (task.why) pairs.push([say("why_short"), task.why]);
  const gap = longestGap(task);
  if (gap) pairs.push([say("longest_gap"), gap]);
  const name = task.stop ? `${task.spot ? `${task.spot[0]} ` : ""}${task.name}` : task.name;
  return [element("h2", name), element("p", task.kind), facts(pairs), element("h3", say("who")), passTable(task)];
}

function longestGap(task) {
  const times = [0, ...task.passes.map((one) => one[1]), night.clock.length_s];
  let worst = [0, 0];
  for (let at = 1; at < times.length; at += 1) {
    if (times[at] - times[at - 1] > worst[1] - worst[0]) worst = [times[at - 1], times[at]];
  }
  if (!task.passes.length || task.stop) return "";
  const span = say("minutes", { n: Math.round((worst[1] - worst[0]) / 60) });
  return `${span} · ${clockText(worst[0])}–${clockText(worst[1])}`;
}

function passTable(task) {
  if (!task.passes.length) return element("p", say("nobody"), "bad");
  const table = element("table");
  for (const [crew, begin, end, visit, kind] of task.passes) {
    const row = timeRow(begin, end, visit === 0 ? "quiet" : "");
    const note = visit === 0 ? say("passing") : `${words.kinds[kind]}${visit > 0 ? ` ${visit}/${task.visits[1]}` : ""}`;
    row.append(element("td", night.crews[crew].name), element("td", note));
    table.append(row);
  }
  return table;
}

// Makes a row that begins with a time; a click sets the clock there.
function timeRow(begin, end, kind) {
  const row = element("tr", null, `acts ${kind}`);
  row.dataset.begin = begin;
  row.dataset.end = end;
  row.append(element("td", `${clockText(begin, true)}`, "time"));
  return acting(row, () => setClock(begin));
}

// Makes a row act on a click, and on Enter for those without a mouse.
function acting(row, act) {
  row.tabIndex = 0;
  row.addEventListener("click", act);
  row.addEventListener("keydown", (event) => { if (event.key === "Enter") act(); });
  return row;
}

function crewParts(index) {
  const crew = night.crews[index];
  const pairs = [[say("shift"), `${clockText(crew.shift[0])}–${clockText(crew.shift[1])} · ${crew.mode}`]];
  if (crew.on_road) pairs.push([say("on_the_way"), crew.on_road.join("–")]);
  for (const pair of crew.breaks) pairs.push([say("break"), pair.join("–")]);
  pairs.push(["", say("driven", { km: crew.km })]);
  const table = element("table");
  for (const [number, kind, begin, end, where, from, to, visit, required] of crew.entries) {
    const row = timeRow(begin, end, kind === KINDS.deadhead ? "quiet" : "");
    const what = element("td", `${required ? "★" : ""}${where}${visit ? ` (${visit})` : ""}`);
    if (from || to) what.append(element("br"), element("small", say("from_to", { a: from || "…", b: to || "…" })));
    row.prepend(element("td", String(number), "number"));
    row.append(element("td", words.kinds[kind], "kind"), what);
    table.append(row);
  }
  const only = element("button", say("only"));
  only.addEventListener("click", () => showCrews([index]));
  const rest = crew.entries.length ? table : element("p", say("stays"));
  return [element("h2", crew.name), only, facts(pairs), element("h3", say("itinerary")), rest];
}

// Marks in the panel and in the list of crews what happens now.
let saidAt = -1;
function sayNow() {
  const now = Math.floor(state.second);
  if (now === saidAt && state.playing) return;
  saidAt = now;
  for (const row of document.querySelectorAll("#tab-detail tr[data-begin]")) {
    row.classList.toggle("now", Number(row.dataset.begin) <= now && now < Number(row.dataset.end));
  }
  if (!byId("tab-crews").hidden) {
    for (const row of byId("crews").children) {
      row.querySelector(".now").textContent = doingText(Number(row.dataset.crew), now);
    }
  }
}

function drawChosen() {
  const chosen = state.chosen;
  const task = chosen && chosen.what === "task" ? night.tasks[chosen.index] : null;
  if (!task) return fill("chosen", { x: [], y: [] });
  if (task.line) return fill("chosen", { x: [task.line[0]], y: [task.line[1]] });
  const [, x, y] = task.spot || [0, null, null];
  return fill("chosen", x === null ? { x: [], y: [] } : { x: [[x, x + unitsAPixel() / 10]], y: [[y, y]] });
}

// Gives everything within some pixels of a point, crews first, then stops, then the nearest street.
function near(x, y) {
  const unit = unitsAPixel();
  const away = (one, two) => Math.hypot(one - x, two - y) / unit;
  const crews = [...state.shown]
    .filter((crew) => away(...positionOf(crew, state.second)) < 12)
    .map((index) => ({ what: "crew", index, name: night.crews[index].name }));
  const found = night.tasks.map((task, index) => ({ what: "task", index, name: task.name, task }));
  const stops = found.filter(({ task }) => task.spot && away(task.spot[1], task.spot[2]) < 13);
  const streets = found
    .filter(({ task }) => task.line)
    .map((one) => ({ ...one, away: awayFrom(one.task.line, x, y) / unit }))
    .filter((one) => one.away < 10)
    .sort((one, two) => one.away - two.away);
  return [...crews, ...stops, ...streets.slice(0, 1)];
}

function awayFrom([xs, ys], x, y) {
  let least = Infinity;
  for (let at = 1; at < xs.length; at += 1) {
    const [east, north] = [xs[at] - xs[at - 1], ys[at] - ys[at - 1]];
    const along = ((x - xs[at - 1]) * east + (y - ys[at - 1]) * north) / (east * east + north * north || 1);
    const share = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(xs[at - 1] + share * east - x, ys[at - 1] + share * north - y));
  }
  return least;
}

function tapped(x, y) {
  const found = near(x, y);
  if (!found.length) return;
  choose(found[0].what, found[0].index);
  if (found.length === 1) return;
  const also = element("p", say("several"));
  for (const one of found) {
    const button = element("button", shortened(one.name, 30));
    button.addEventListener("click", () => choose(one.what, one.index));
    also.append(" ", button);
  }
  byId("tab-detail").prepend(also);
}

function listLeftOut() {
  const place = byId("tab-left-out");
  if (!night.left_out.length) place.append(element("p", say("all_done")));
  const table = element("table");
  for (const index of night.left_out) {
    const task = night.tasks[index];
    const row = element("tr", null, "acts");
    const name = element("td", `${task.required ? "★" : ""}${task.name}`, task.missed ? "bad" : "");
    name.append(element("br"), element("small", task.why));
    row.append(element("td", `${task.visits[0]}/${task.visits[1]}`, "number"), name);
    table.append(acting(row, () => { goTo(task); choose("task", index); }));
  }
  place.append(table);
}
