// Routes side by side: each roadway is cut into lanes, one for each team, crew or pass, whatever the scale leaves room for.

const FEW_CREWS = 3; // so many may be shown pass by pass, with arrows and numbers
const TELLABLE = 12; // so many crews have a look each: where colours come again the lines are long dashes
const AGAIN = [16, 5]; // pixels drawn and left out of a line whose colour another crew has too
const STREET_SCALE_M = 9; // metres a pixel below which crews of one team are told apart

const roadways = night.roads.map(([x, y]) => ({ x, y, length: lengthOf(x, y) }));

function lengthOf(x, y) {
  let metres = 0;
  for (let at = 1; at < x.length; at += 1) metres += Math.hypot(x[at] - x[at - 1], y[at] - y[at - 1]);
  return metres;
}

// Moves a line sideways, to the left of its direction.
function shifted(line, offset) {
  const { x, y } = line;
  if (offset === 0 || x.length < 2) return { x, y };
  const outX = new Array(x.length);
  const outY = new Array(x.length);
  for (let at = 0; at < x.length; at += 1) {
    const back = Math.max(0, at - 1);
    const next = Math.min(x.length - 1, at + 1);
    const east = x[next] - x[back];
    const north = y[next] - y[back];
    const size = Math.hypot(east, north) || 1;
    outX[at] = x[at] - (offset * north) / size;
    outY[at] = y[at] + (offset * east) / size;
  }
  return { x: outX, y: outY };
}

function crewColour(crew) {
  return state.colours.get(crew) || night.palette.teams[night.crews[crew].team % night.palette.teams.length];
}

// Gives every shown crew a colour of its own while there are enough; a crew keeps its colour while it is shown.
function chooseColours() {
  if (state.shown.size > TELLABLE) {
    state.colours.clear();
    return;
  }
  for (const crew of [...state.colours.keys()]) if (!state.shown.has(crew)) state.colours.delete(crew);
  for (const crew of state.shown) {
    if (state.colours.has(crew)) continue;
    const wish = night.palette.teams[night.crews[crew].team % night.palette.teams.length];
    const owners = (colour) => [...state.colours.values()].filter((other) => other === colour).length;
    const [least] = [wish, ...night.palette.teams].sort((one, two) => owners(one) - owners(two));
    state.colours.set(crew, least);
  }
}

// Says whether a crew that is shown has its colour from another: its lines are dashed.
function isAgain(crew) {
  const others = [...state.colours].filter(([, colour]) => colour === state.colours.get(crew));
  return others.length > 1 && others[0][0] !== crew;
}

function detailLevel() {
  if (state.shown.size <= FEW_CREWS) return "pass";
  return state.shown.size <= TELLABLE || metresAPixel() < STREET_SCALE_M ? "crew" : "team";
}

// Sorts everything that is driven by roadway and lane: road -> lane key -> {crew, patrol, forward, moves}.
function lanesByRoad(detail) {
  const roads = new Map();
  const order = [...state.shown].sort((one, two) => one - two);
  for (const crew of order) {
    const { moves } = night.crews[crew];
    for (let at = 0; at < moves.length; at += MOVE) {
      const road = moves[at];
      if (road === 0) continue;
      const key = { team: night.crews[crew].team, crew, pass: `${crew}-${at}` }[detail];
      const lanes = roads.get(Math.abs(road)) || new Map();
      const lane = lanes.get(key) || { crew, patrol: false, forward: road > 0, moves: [] };
      lane.patrol = lane.patrol || moves[at + 1] === KINDS.patrol || moves[at + 1] === KINDS.pass;
      lane.moves.push(at);
      lanes.set(key, lane);
      roads.set(Math.abs(road), lanes);
    }
  }
  return roads;
}

// Gives the lanes of the shown crews with their offset lines, widths and colours.
function layLanes() {
  const detail = detailLevel();
  const unit = unitsAPixel();
  const grown = Math.min(2, Math.max(1, 12 / metresAPixel()));
  const room = { team: 8, crew: 11, pass: 14 }[detail] * grown;
  const wanted = { team: 2, crew: 2.4, pass: 3 }[detail] * Math.sqrt(grown);
  const withDeadheads = byId("show-deadheads").checked || detail === "pass";
  const laid = [];
  for (const [road, lanes] of lanesByRoad(detail)) {
    const seen = [...lanes.values()].filter((lane) => lane.patrol || withDeadheads);
    // Traffic keeps to the right: of passes, those along the line lie on its right, the others on its left.
    if (detail === "pass") seen.sort((one, two) => one.forward - two.forward || one.moves[0] - two.moves[0]);
    const pitch = Math.min(wanted, room / seen.length);
    seen.forEach((lane, place) => {
      const offset = ((seen.length - 1) / 2 - place) * pitch * unit;
      laid.push({
        ...lane, ...shifted(roadways[road - 1], offset), road, width: pitch * 0.9, colour: crewColour(lane.crew),
        beside: seen.length,
      });
    });
  }
  return { detail, laid };
}

// Gives the middle of a line and the direction there.
function middleOf(line) {
  let rest = lengthOf(line.x, line.y) / 2;
  for (let at = 1; at < line.x.length; at += 1) {
    const east = line.x[at] - line.x[at - 1];
    const north = line.y[at] - line.y[at - 1];
    const size = Math.hypot(east, north);
    if (rest <= size && size > 0) {
      const share = rest / size;
      return { x: line.x[at - 1] + share * east, y: line.y[at - 1] + share * north, angle: Math.atan2(north, east) };
    }
    rest -= size;
  }
  return { x: line.x[0], y: line.y[0], angle: 0 };
}
