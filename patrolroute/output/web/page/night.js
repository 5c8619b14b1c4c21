// What the page knows: the night's facts, the state of the controls, and small helpers that the other parts share.

const night = JSON.parse(document.getElementById("night").textContent);
const words = night.words;
const KINDS = { deadhead: 0, pass: 1, patrol: 2, dwell: 3, wait: 4, rest: 5 };
const MOVE = 5; // numbers of one move: signed roadway, kind, line of the crew's night, begin, end

const state = {
  second: 0,
  playing: false,
  shown: new Set(night.crews.map((crew, index) => index)),
  chosen: null, // {what: "crew" | "task", index}
  colours: new Map(), // crew -> colour, while few are shown
};

let bokeh = null; // {plot, data(name), layer(name)} once the figure stands

function byId(id) {
  return document.getElementById(id);
}

function say(key, values) {
  return Object.entries(values || {}).reduce((text, [name, value]) => text.split(`{${name}}`).join(value), words[key]);
}

// Makes an element with plain text: nothing that a name holds becomes markup.
function element(tag, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function clockText(second, withSeconds) {
  const change = night.clock.changes.filter((one) => one[0] <= second).pop();
  const ofDay = (night.clock.first_s + Math.floor(second) + (change ? change[1] : 0) + 86400) % 86400;
  const parts = [Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60];
  if (withSeconds) parts.push(ofDay % 60);
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function unitsAPixel() {
  const range = bokeh.plot.x_range;
  return (range.end - range.start) / Math.max(1, bokeh.plot.inner_width);
}

function metresAPixel() {
  return unitsAPixel() * night.unit_m;
}
