// What is written on the map: the most important first, and nothing over anything else.

const FONT = getComputedStyle(document.body).fontFamily;
const STEEP = night.upright.steep; // degrees above which Chinese letters stand below one another
const TALLEST = night.upright.tallest; // letters that may stand
const APART = 420; // pixels between two names of one street
const NARROW = 520; // pixels: on a map of this width, as on a telephone, fewer names stand, and smaller
const ROOM = 9000; // square pixels of a narrow map for each name of a street
const LABEL_SCALE_M = 7; // metres a pixel below which hotspots carry name, hours and dwell

const pen = document.createElement("canvas").getContext("2d");

function textWidth(text, size) {
  pen.font = `${size}px ${FONT}`;
  return pen.measureText(text).width;
}

function isNarrow() {
  return bokeh.plot.inner_width < NARROW;
}

function shortened(text, most) {
  const letters = Array.from(text.replace(/\s+/g, " "));
  return letters.length <= most ? letters.join("") : `${letters.slice(0, most - 1).join("")}…`;
}

// Keeps boxes in pixels of what is taken; `take` says whether a box was free.
function Board() {
  const boxes = [];
  const touches = (one, two) => one[0] < two[2] && two[0] < one[2] && one[1] < two[3] && two[1] < one[3];
  this.take = (box, must) => {
    if (!must && boxes.some((other) => touches(box, other))) return false;
    boxes.push(box);
    return true;
  };
  // A slanting text is covered by squares along it.
  this.takeAlong = (x, y, width, height, angle) => {
    const count = Math.max(1, Math.ceil(width / height));
    const parts = [];
    for (let part = 0; part < count; part += 1) {
      const away = ((part + 0.5) / count - 0.5) * width;
      const east = x + away * Math.cos(angle);
      const north = y + away * Math.sin(angle);
      parts.push([east - height / 2, north - height / 2, east + height / 2, north + height / 2]);
    }
    if (parts.some((part) => boxes.some((other) => touches(part, other)))) return false;
    boxes.push(...parts);
    return true;
  };
}

function pixel(x, y) {
  const { x_range: across, y_range: up } = bokeh.plot;
  return [(x - across.start) / unitsAPixel(), (y - up.start) / unitsAPixel()];
}

function isInside(x, y, edge) {
  return x >= edge && y >= edge && x <= bokeh.plot.inner_width - edge && y <= bokeh.plot.inner_height - edge;
}

// Chinese names of steep streets stand upright, letter below letter; all others lie along the street.
function nameShape(text, angle, size) {
  const letters = Array.from(text);
  const wide = letters.filter((letter) => letter.charCodeAt(0) > 0x2e7f).length;
  if (Math.abs(angle) > STEEP && 2 * wide > letters.length && letters.length <= TALLEST) {
    const slant = angle - Math.sign(angle) * 90;
    return { text: letters.join("\n"), angle: Math.abs(slant) > 12 ? slant : 0, long: letters.length * size * 1.1 };
  }
  return { text, angle, long: textWidth(text, size) };
}

function writeNames(board) {
  const data = { x: [], y: [], text: [], angle: [], size: [] };
  if (!byId("show-names").checked) return data;
  const size = (metresAPixel() < LABEL_SCALE_M ? 13 : 12) - (isNarrow() ? 2 : 0);
  const most = isNarrow() ? (bokeh.plot.inner_width * bokeh.plot.inner_height) / ROOM : Infinity;
  const written = new Map();
  const along = size * 0.5 + 7 + Math.min(8, 20 / metresAPixel());
  for (const [x, y, angle, name] of night.names) {
    const text = shortened(name, 14);
    const [left, bottom] = pixel(x, y);
    const others = written.get(name) || [];
    const isNear = others.some((other) => Math.hypot(other[0] - left, other[1] - bottom) < APART);
    if (data.x.length >= most || isNear || !isInside(left, bottom, 25)) continue;
    const shape = nameShape(text, angle, size);
    const turn = (angle * Math.PI) / 180;
    for (const side of [1, -1]) {
      const east = left - side * along * Math.sin(turn);
      const north = bottom + side * along * Math.cos(turn);
      if (!board.takeAlong(east, north, shape.long, size * 1.15, turn)) continue;
      written.set(name, [...others, [left, bottom]]);
      data.x.push(x + (east - left) * unitsAPixel());
      data.y.push(y + (north - bottom) * unitsAPixel());
      data.text.push(shape.text);
      data.angle.push(shape.angle);
      data.size.push(`${size}px`);
      break;
    }
  }
  return data;
}

// Writes hotspots' names with hours and dwell where the scale leaves room.
function writeStopNames(board) {
  const data = { x: [], y: [], text: [] };
  if (metresAPixel() > LABEL_SCALE_M) return data;
  for (const task of night.tasks) {
    if (!task.spot) continue;
    const [, x, y] = task.spot;
    const [left, bottom] = pixel(x, y);
    const dwell = say("minutes", { n: task.dwell_min });
    const text = `${task.required ? "★" : ""}${shortened(task.name, 14)} ${hoursText(task)} ${dwell}`;
    const width = textWidth(text, 12) + 4;
    if (!board.take([left - width / 2, bottom - 29, left + width / 2, bottom - 11])) continue;
    data.x.push(x);
    data.y.push(y);
    data.text.push(text);
  }
  return data;
}

function hoursText(task) {
  return task.hours.length ? task.hours.map((pair) => pair.join("–")).join(", ") : say("always");
}

function writeDepots(board) {
  const data = { x: [], y: [], text: [] };
  for (const [x, y, crews] of night.depots) {
    const [left, bottom] = pixel(x, y);
    board.take([left - 10, bottom - 10, left + 10, bottom + 12], true);
    if (!crews || isNarrow()) continue; // the crews themselves stand there with their names
    const width = textWidth(crews, 12) + 6;
    board.take([left - width / 2, bottom - 31, left + width / 2, bottom - 11], true);
    data.x.push(x);
    data.y.push(y);
    data.text.push(crews);
  }
  return data;
}
