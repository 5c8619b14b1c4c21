// How many cars, how long a night: fleets and ends planned one after the other, and a slider over what they bring.

import { store, say, send, settled, failed, percent, byId, element, onChange } from "./store.js";
import { work, watch, isRunning } from "./job.js";
import { showPlan } from "./plans.js";

const asked = { fewer: 2, more: 2, step: 1, longer: "0" };
const chosen = { crews: null, minutes: 0 };
const [SEEN, COLLECTED] = ["#1550b0", "#9aa2ab"];
let variants = [];

function ownCrews() {
  return store.night.crews.reduce((sum, one) => sum + (Number(one.count) || 1), 0);
}

function sizes() {
  const found = [];
  for (let times = -asked.fewer; times <= asked.more; times += 1) found.push(ownCrews() + times * asked.step);
  return found.filter((one) => one > 0);
}

function ends() {
  return { 0: [0], 30: [0, 30], 60: [0, 30, 60], 45: [-30, 0, 30] }[asked.longer];
}

function numberField(word, name, min, max) {
  const row = element("label", null, "row");
  const input = element("input");
  input.type = "number";
  input.min = min;
  input.max = max;
  input.value = asked[name];
  input.dataset.asked = name;
  input.addEventListener("change", () => {
    asked[name] = Math.max(min, Math.min(max, Math.round(Number(input.value)) || min));
    input.value = asked[name];
    showSize();
  });
  row.append(element("span", say(word)), input);
  return row;
}

async function begin() {
  try {
    variants = [];
    await settled();
    watch(await send("/job/what-if", { crews: sizes(), ends: ends() }));
  } catch (error) {
    await failed(error);
  }
}

function show() {
  const box = byId("what-if");
  box.replaceChildren(element("p", say("what_if_told")));
  box.append(numberField("fewer_crews", "fewer", 0, 4), numberField("more_crews", "more", 0, 4), numberField("crew_step", "step", 1, 10));
  const row = element("label", null, "row");
  const longer = element("select");
  for (const one of ["0", "30", "60", "45"]) longer.append(new Option(say(`longer_${one}`), one));
  longer.value = asked.longer;
  longer.addEventListener("change", () => { asked.longer = longer.value; showSize(); });
  row.append(element("span", say("longer")), longer);
  const size = element("p");
  size.id = "what-if-size";
  const start = element("button", say("what_if_start"), "main");
  start.id = "what-if-start";
  start.addEventListener("click", begin);
  const found = element("div");
  found.id = "what-if-found";
  box.append(row, size, start, found);
  showSize();
  showFound();
}

function showSize() {
  if (!byId("what-if-size")) return;
  byId("what-if-size").textContent = say("what_if_size", { crews: sizes().join("、"), number: sizes().length * ends().length });
  byId("what-if-start").disabled = isRunning() || store.shown.todo.length > 0 || store.shown.complaints.length > 0;
}

function showFound() {
  if (byId("what-if-found")) byId("what-if-found").replaceChildren(...(variants.length ? slider() : []));
}

// A slider over cars and one over hours; what stands between is what was planned, nothing is made up.
function slider() {
  const crews = [...new Set(variants.map((one) => one.crews))].sort((one, two) => one - two);
  const minutes = [...new Set(variants.map((one) => one.minutes))].sort((one, two) => one - two);
  if (!crews.includes(chosen.crews)) chosen.crews = crews.includes(ownCrews()) ? ownCrews() : crews[0];
  if (!minutes.includes(chosen.minutes)) chosen.minutes = minutes[0];
  const made = [element("h2", say("what_if_found"))];
  for (const [name, values, word] of [["crews", crews, "cars"], ["minutes", minutes, "until"]]) {
    const row = element("label", null, "row");
    const input = element("input");
    input.type = "range";
    input.id = `slide-${name}`;
    input.min = 0;
    input.max = values.length - 1;
    input.value = values.indexOf(chosen[name]);
    input.disabled = values.length < 2;
    const output = element("output", told(name));
    input.addEventListener("input", () => {
      chosen[name] = values[Number(input.value)];
      output.textContent = told(name);
      byId("what-if-figures").replaceWith(figures());
      drawChart();
    });
    row.append(element("span", say(word)), input, output);
    made.push(row);
  }
  made.push(figures());
  return made;
}

function told(name) {
  const one = variants.find((variant) => variant[name] === chosen[name]);
  return name === "crews" ? say("so_many_cars", { number: chosen.crews }) : one ? one.end : "";
}

function figures() {
  const list = element("dl", null, "figures");
  list.id = "what-if-figures";
  const one = variants.find((variant) => variant.crews === chosen.crews && variant.minutes === chosen.minutes);
  if (!one) {
    list.append(element("dt", say("not_planned_yet")));
    return list;
  }
  const rows = [
    ["seen", percent(one.seen)], ["points", percent(one.share)], ["missed_head", String(one.missed)],
    ["coverage", percent(one.coverage)], ["idle_worst", one.idle_min === null ? "–" : say("minutes", { number: one.idle_min })], ["km_head", String(one.km)],
  ];
  for (const [word, value] of rows) list.append(element("dt", say(word)), element("dd", value));
  const button = element("button", say("show_this_plan"));
  button.disabled = !store.plans.some((kept) => kept.number === one.plan); // the oldest give way to newer ones
  button.addEventListener("click", () => showPlan(one.plan));
  list.append(element("dt"), button);
  return list;
}

// Draws what is seen and collected against the number of cars, a line for each end.
export function drawChart() {
  const canvas = byId("chart");
  if (store.view !== "what-if" || !canvas.clientWidth) return;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const brush = canvas.getContext("2d");
  brush.scale(ratio, ratio);
  brush.font = "13px sans-serif";
  brush.fillStyle = "#555";
  if (!variants.length) {
    brush.textAlign = "center";
    brush.fillText(say("chart_empty"), width / 2, height / 2);
    return;
  }
  const crews = [...new Set(variants.map((one) => one.crews))].sort((one, two) => one - two);
  const shares = variants.flatMap((one) => [one.seen, one.share]).filter((one) => one !== null);
  const least = Math.min(...shares);
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((one) => (1 - least) / one <= 6) || 0.2;
  const low = Math.max(0, Math.floor(least / step - 0.5) * step);
  const [left, right, top, bottom] = [60, width - 60, 46, height - 50];
  const x = (number) => (crews.length < 2 ? (left + right) / 2 : left + ((number - crews[0]) / (crews[crews.length - 1] - crews[0])) * (right - left));
  const y = (share) => bottom - ((share - low) / (1 - low)) * (bottom - top);
  brush.textAlign = "right";
  brush.strokeStyle = "#e2e5e8";
  for (let tick = low; tick <= 1.001; tick += step) {
    brush.beginPath();
    brush.moveTo(left, y(tick));
    brush.lineTo(right, y(tick));
    brush.stroke();
    brush.fillText(percent(tick, 0), left - 8, y(tick) + 4);
  }
  brush.textAlign = "center";
  for (const number of crews) brush.fillText(say("so_many_cars", { number }), x(number), bottom + 22);
  const minutes = [...new Set(variants.map((one) => one.minutes))].sort((one, two) => one - two);
  let key = left;
  brush.textAlign = "left";
  for (const [word, colour] of [["seen", SEEN], ["points", COLLECTED]]) {
    brush.fillStyle = colour;
    brush.fillRect(key, 16, 22, 4);
    brush.fillText(say(word), key + 28, 22);
    key += 60 + brush.measureText(say(word)).width;
  }
  minutes.forEach((one, index) => {
    for (const [name, colour] of [["share", COLLECTED], ["seen", SEEN]]) {
      const points = variants.filter((variant) => variant.minutes === one && variant[name] !== null).sort((a, b) => a.crews - b.crews);
      brush.beginPath();
      points.forEach((point, at) => (at ? brush.lineTo(x(point.crews), y(point[name])) : brush.moveTo(x(point.crews), y(point[name]))));
      brush.strokeStyle = colour;
      brush.globalAlpha = 1 - 0.25 * index;
      brush.lineWidth = 2.5;
      brush.setLineDash(index ? [7, 3 + 2 * index] : []);
      brush.stroke();
      brush.setLineDash([]);
      for (const point of points) {
        const isOn = point.crews === chosen.crews && point.minutes === chosen.minutes;
        brush.beginPath();
        brush.arc(x(point.crews), y(point[name]), isOn ? 7 : 4, 0, 2 * Math.PI);
        brush.fillStyle = colour;
        brush.fill();
      }
      brush.globalAlpha = 1;
      const last = points[points.length - 1];
      if (last && name === "seen") {
        brush.fillStyle = colour;
        brush.textAlign = "left";
        brush.fillText(last.end, right + 10, y(last[name]) + 4);
      }
    }
  });
}

onChange((what) => {
  if (!store.words || !store.shown) return;
  const { job } = work;
  if (what === "job" && job && job.kind === "what_if" && job.facts.variants && job.facts.variants.length !== variants.length) {
    variants = job.facts.variants;
    showFound();
    drawChart();
  }
  if (["view", "lang", "start"].includes(what)) {
    show();
    drawChart();
  }
  if (what === "plans" && byId("what-if-figures")) byId("what-if-figures").replaceWith(figures()); // they may come after the variants
  if (["job", "shown", "plans"].includes(what)) showSize();
});

new ResizeObserver(drawChart).observe(byId("chart"));
