// The clock: where every crew is at a second of the night, and how it gets there.

const TRAIL_S = 300;

// Gives the last move of a crew that has begun, -1 if none has.
function moveAt(crew, second) {
  const { moves } = night.crews[crew];
  let low = 0;
  let high = moves.length / MOVE;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moves[middle * MOVE + 3] <= second) low = middle + 1;
    else high = middle;
  }
  return (low - 1) * MOVE;
}

// Gives the point on a roadway after a share of the way, driven along or against its line.
function pointOn(road, share) {
  const { x, y, length } = roadways[Math.abs(road) - 1];
  let rest = (road > 0 ? share : 1 - share) * length;
  for (let at = 1; at < x.length; at += 1) {
    const size = Math.hypot(x[at] - x[at - 1], y[at] - y[at - 1]);
    if (rest <= size && size > 0) {
      return [x[at - 1] + (rest / size) * (x[at] - x[at - 1]), y[at - 1] + (rest / size) * (y[at] - y[at - 1])];
    }
    rest -= size;
  }
  return [x[x.length - 1], y[y.length - 1]];
}

// Gives where a crew is: on a roadway, or where the last one ended, or at its depot.
function positionOf(crew, second) {
  const { moves, depot } = night.crews[crew];
  let at = moveAt(crew, second);
  if (at >= 0 && moves[at] !== 0) {
    const taken = Math.max(1, moves[at + 4] - moves[at + 3]);
    return pointOn(moves[at], Math.min(1, (second - moves[at + 3]) / taken));
  }
  while (at >= 0 && moves[at] === 0) at -= MOVE;
  return at < 0 ? depot : pointOn(moves[at], 1);
}

// Says what a crew does: its kind of move and the line of its night, null before its shift, after it, and if it stays.
function doingOf(crew, second) {
  const { moves, entries } = night.crews[crew];
  const at = moveAt(crew, second);
  if (at < 0 || (at === moves.length - MOVE && second > moves[at + 4])) return null;
  return { kind: moves[at + 1], entry: entries[moves[at + 2] - 1] };
}

function doingText(crew, second) {
  const doing = doingOf(crew, second);
  if (doing) return `${words.kinds[doing.kind]} ${doing.entry[4]}`;
  return night.crews[crew].moves.length ? say("off_duty") : say("stays");
}

function trailOf(crew, second) {
  const { moves } = night.crews[crew];
  const x = [];
  const y = [];
  const add = ([east, north]) => { x.push(east); y.push(north); };
  const begin = second - TRAIL_S;
  add(positionOf(crew, begin));
  for (let at = Math.max(0, moveAt(crew, begin)); at < moves.length && moves[at + 3] < second; at += MOVE) {
    if (moves[at] === 0) continue;
    const road = roadways[Math.abs(moves[at]) - 1];
    const order = moves[at] > 0 ? [...road.x.keys()] : [...road.x.keys()].reverse();
    if (moves[at + 3] >= begin && moves[at + 4] <= second) order.forEach((one) => add([road.x[one], road.y[one]]));
    else if (moves[at + 4] <= second) add(pointOn(moves[at], 1));
  }
  add(positionOf(crew, second));
  return { x, y };
}

function drawCars() {
  const data = { x: [], y: [], size: [], colour: [], edge: [], alpha: [], title: [], detail: [] };
  const trails = { x: [], y: [], colour: [] };
  for (const crew of state.shown) {
    const doing = doingOf(crew, state.second);
    const [x, y] = positionOf(crew, state.second);
    const isChosen = state.chosen && state.chosen.what === "crew" && state.chosen.index === crew;
    data.x.push(x);
    data.y.push(y);
    data.size.push(isChosen ? 19 : 14);
    data.colour.push(crewColour(crew));
    data.edge.push(isChosen ? night.palette.chosen : "white");
    data.alpha.push(doing ? 1 : 0.4);
    data.title.push(shortened(night.crews[crew].name, 40));
    data.detail.push(doingText(crew, state.second));
    const trail = trailOf(crew, state.second);
    trails.x.push(trail.x);
    trails.y.push(trail.y);
    trails.colour.push(crewColour(crew));
  }
  fill("trails", trails);
  fill("cars", data);
  fill("car_names", carNames());
}

// Crews at one place share one label: the first name and how many more.
function carNames() {
  const groups = [];
  for (const crew of state.shown) {
    const [x, y] = positionOf(crew, state.second);
    const group = groups.find((one) => Math.hypot(one.x - x, one.y - y) < 16 * unitsAPixel());
    if (group) group.crews.push(crew);
    else groups.push({ x, y, crews: [crew] });
  }
  const text = groups.map(({ crews }) => {
    const more = crews.length > 1 ? ` +${crews.length - 1}` : "";
    return shortened(night.crews[crews[0]].name, 12) + more;
  });
  const colour = groups.map(({ crews }) => crewColour(crews[0]));
  return { x: groups.map((one) => one.x), y: groups.map((one) => one.y), text, colour };
}

function setClock(second) {
  state.second = Math.min(night.clock.length_s, Math.max(0, second));
  byId("clock").value = state.second;
  byId("time").textContent = clockText(state.second);
  byId("clock").setAttribute("aria-valuetext", clockText(state.second));
  drawCars();
  sayNow();
}

function play(isOn) {
  state.playing = isOn;
  byId("play").textContent = isOn ? `❚❚ ${say("pause")}` : `▶ ${say("play")}`;
  if (!isOn) return;
  if (state.second >= night.clock.length_s) setClock(0);
  let last = null;
  const step = (now) => {
    if (!state.playing) return;
    if (last === null || now - last >= 30) {
      if (last !== null) setClock(state.second + ((now - last) / 1000) * Number(byId("speed").value));
      last = now;
    }
    if (state.second >= night.clock.length_s) play(false);
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
