// Planning: starting, how it comes on, stopping; the line that rises.

import { store, say, ask, send, failed, changed, tell, percent, edit, settled, byId, element, onChange } from "./store.js";
import { showPlan } from "./plans.js";

const GOALS = ["auto", "presence", "points"];
export const work = { job: null };
let shownPlan = 0;

export function startJobs() {
  byId("plan").addEventListener("click", begin);
  byId("stop").addEventListener("click", () => send("/job/stop", {}).then(took).catch(failed));
  byId("seconds").addEventListener("change", () => edit((night) => {
    const typed = Number(byId("seconds").value);
    night.solve = { ...night.solve };
    if (typed > 0) night.solve.time_limit_s = typed;
    else delete night.solve.time_limit_s;
  }));
  byId("goal").addEventListener("change", () => edit((night) => { night.solve = { ...night.solve, goal: byId("goal").value }; }));
  ask("/job").then((job) => { if (job && job.state === "running") watch(job); }).catch(failed);
}

async function begin() {
  try {
    if (document.activeElement && document.activeElement.blur) document.activeElement.blur();
    await settled();
    watch(await send("/job/plan", {}));
  } catch (error) {
    await failed(error);
  }
}

// Follows a job until its end.
export function watch(job) {
  took(job);
  const events = new EventSource("/job/events");
  events.onmessage = (event) => {
    const told = JSON.parse(event.data);
    if (told.state !== "running") events.close();
    took(told);
  };
  events.onerror = () => {
    events.close();
    setTimeout(() => ask("/job").then((now) => (now && now.state === "running" ? watch(now) : took(now))).catch(failed), 1000);
  };
}

async function took(job) {
  const was = work.job;
  work.job = job;
  changed("job");
  if (job && job.kind === "plan" && job.facts.plan && shownPlan !== job.facts.plan) {
    shownPlan = job.facts.plan;
    await fetchPlans();
    showPlan(shownPlan);
  }
  if (!job || job.state === "running" || (was && was.state !== "running" && was.number === job.number)) return;
  await fetchPlans();
  if (job.complaints.length) tell(job.complaints.map((one) => one[`sentence_${store.lang}`]).join("\n"));
  if (job.result && job.result.broken && job.result.broken.length) tell(say("broken", { rules: job.result.broken.join("\n") }));
}

async function fetchPlans() {
  try {
    store.plans = await ask("/plans");
  } catch (error) {
    await failed(error);
  }
  changed("plans");
}

export function isRunning() {
  return Boolean(work.job) && work.job.state === "running";
}

// Says in a line what the job is at.
export function progressLine(job) {
  const { stage, facts } = job;
  const seconds = Math.round(facts.seconds || 0);
  if (job.state === "refused" || job.state === "failed") return say(`job_${job.state}`);
  if (job.state !== "running") return say(`job_${job.state}`, { seconds });
  if (job.is_stopping) return say("job_stopping");
  const done = facts.variants ? say("job_variants", { done: facts.variants.length, wanted: facts.wanted }) : "";
  const values = { share: percent(facts.share), seen: percent(facts.seen), seconds, missed: facts.missed };
  return [done, say(`stage_${stage}${stage === "presence" ? weighed() : ""}`, values)].filter(Boolean).join("　");
}

// What the search calls seen is not the plan's own figure in a night with key hours.
function weighed() {
  return (store.night.key_hours || []).length > 0 ? "_weighed" : "";
}

function drawRise(canvas, job) {
  canvas.hidden = job.rise.length < 2 || job.state !== "running" || job.kind !== "plan";
  if (canvas.hidden) return;
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const brush = canvas.getContext("2d");
  brush.scale(ratio, ratio);
  const [first, last] = [job.rise[0][0], job.rise[job.rise.length - 1][0]];
  const values = job.rise.map((point) => point[1]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  brush.beginPath();
  job.rise.forEach(([at, value], index) => {
    const left = 4 + ((at - first) / Math.max(0.1, last - first)) * (width - 70);
    const top = height - 8 - ((value - low) / Math.max(1e-6, high - low)) * (height - 22);
    if (index) brush.lineTo(left, top);
    else brush.moveTo(left, top);
  });
  brush.strokeStyle = "#1550b0";
  brush.lineWidth = 2;
  brush.stroke();
  brush.fillStyle = "#1b1f24";
  brush.font = "12px sans-serif";
  brush.textAlign = "right";
  brush.fillText(percent(values[values.length - 1]), width - 5, 14);
  brush.textAlign = "left";
  brush.fillText(say(job.facts.is_seen ? `seen${weighed()}` : "points"), 5, 12);
}

function show() {
  const { job } = work;
  const running = isRunning();
  const { shown, night } = store;
  byId("plan").disabled = running || shown.todo.length > 0 || shown.complaints.length > 0;
  byId("stop").hidden = !running;
  byId("stop").disabled = running && job.is_stopping;
  byId("job").textContent = job ? progressLine(job) : "";
  byId("job").classList.toggle("bad-text", Boolean(job) && (job.state === "failed" || job.state === "refused"));
  const { goal = "auto", time_limit_s: limit } = night.solve || {};
  if (byId("goal").dataset.lang !== store.lang) {
    byId("goal").replaceChildren(...GOALS.map((one) => new Option(say(`goal_${one}`), one)));
    byId("goal").dataset.lang = store.lang;
  }
  byId("goal").value = goal;
  byId("seconds").placeholder = say("usual");
  if (document.activeElement !== byId("seconds")) byId("seconds").value = limit === undefined ? "" : limit;
  if (job) drawRise(byId("rise"), job);
}

onChange((what) => {
  if (store.shown && store.words && what !== "draft" && what !== "selected") show();
});
