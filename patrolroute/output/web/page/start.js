// Puts the figure into the page and ties the controls to it.

const SETTLE_MS = 120; // after the last movement of the map before lanes and names are laid anew

// Shows a place in the middle at a scale, the same across and up.
function look(x, y, unit) {
  const { plot } = bokeh;
  const [half, tall] = [(plot.inner_width * unit) / 2, (plot.inner_height * unit) / 2];
  plot.x_range.setv({ start: x - half, end: x + half });
  plot.y_range.setv({ start: y - tall, end: y + tall });
}

function middle() {
  const { x_range: across, y_range: up } = bokeh.plot;
  return [(across.start + across.end) / 2, (up.start + up.end) / 2];
}

function fit() {
  const [west, south, east, north] = night.frame;
  const { inner_width: width, inner_height: height } = bokeh.plot;
  look((west + east) / 2, (south + north) / 2, Math.max((east - west) / width, (north - south) / height));
}

function goTo(task) {
  const [xs, ys] = task.line || [[task.spot ? task.spot[1] : 0], [task.spot ? task.spot[2] : 0]];
  if (!task.line && !task.spot) return;
  look((xs[0] + xs[xs.length - 1]) / 2, (ys[0] + ys[ys.length - 1]) / 2, Math.min(unitsAPixel(), 4 / night.unit_m));
}

let settling = null;
let size = "";
// Called whenever the map moves or its frame changes: keeps the scale equal across and up, then lays everything anew.
function moved() {
  const { plot } = bokeh;
  const frame = `${plot.inner_width} ${plot.inner_height}`;
  if (frame !== size) {
    const isFirst = size === "";
    size = frame;
    if (isFirst) fit();
    else look(...middle(), state.unit);
  }
  bokeh.metres.end = plot.inner_width * metresAPixel();
  clearTimeout(settling);
  settling = setTimeout(() => {
    settling = null;
    state.unit = unitsAPixel();
    drawAll();
  }, SETTLE_MS);
}

function tie() {
  const step = Number(byId("clock").step);
  byId("clock").max = Math.ceil(night.clock.length_s / step) * step; // the last seconds, too; setClock stops at the end
  byId("clock").addEventListener("input", (event) => setClock(Number(event.target.value)));
  byId("play").addEventListener("click", () => play(!state.playing));
  for (const name of ["show-routes", "show-deadheads", "show-names"]) byId(name).addEventListener("change", drawAll);
  byId("larger").addEventListener("click", () => look(...middle(), unitsAPixel() / 1.6));
  byId("smaller").addEventListener("click", () => look(...middle(), unitsAPixel() * 1.6));
  byId("fit").addEventListener("click", fit);
  byId("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", preparePaper);
  for (const button of byId("tabs").children) {
    button.addEventListener("click", () => { openTab(button.dataset.tab); sayNow(); });
  }
}

function start(views) {
  const [view] = views.roots || [...views];
  const plot = view.model;
  const sources = new Map(plot.renderers.map((layer) => [layer.name, layer.data_source]));
  bokeh = { plot, view, data: (name) => sources.get(name), metres: plot.document.get_model_by_name("metres") };
  byId("broken").remove();
  tie();
  layBackground();
  listCrews();
  listLeftOut();
  moved();
  state.unit = unitsAPixel();
  drawAll();
  markCrews();
  setClock(0);
  window.patrolMap = { moved, tapped, choose, setClock, bokeh, night, state, isSettled: () => settling === null };
  document.body.dataset.ready = "yes";
}

const model = JSON.parse(byId("model").textContent);
Bokeh.set_log_level("error");
Bokeh.embed.embed_item(model, "map").then(start);
