// The plane of the map: degrees to pixels, moving and zooming, the network as lines, and the arc nearest to a point.

const CELL = 0.004; // degrees: a few hundred metres

export class Network {
  constructor(given) {
    Object.assign(this, given);
    [this.west, this.south] = given.origin;
    const { south } = this;
    this.squeeze = Math.cos((south * Math.PI) / 180);
    const points = given.lines.length / 2;
    this.x = new Float64Array(points);
    this.y = new Float64Array(points);
    let lon = 0;
    let lat = 0;
    for (let point = 0; point < points; point += 1) {
      lon += given.lines[2 * point];
      lat += given.lines[2 * point + 1];
      this.x[point] = lon * given.step * this.squeeze;
      this.y[point] = lat * given.step;
    }
    this.arcs = given.name.length;
    this.metresAUnit = 111195;
    this.index();
    this.background = this.paths();
  }

  // World coordinates: degrees of latitude from the corner, longitudes squeezed to be as long. (Canvas paths are of 32
  // bits: degrees from 0 would be half a metre wide.)
  world([lon, lat]) {
    return [(lon - this.west) * this.squeeze, lat - this.south];
  }

  degrees([x, y]) {
    return [Number((x / this.squeeze + this.west).toFixed(6)), Number((y + this.south).toFixed(6))];
  }

  nameOf(arc) {
    return this.names[this.name[arc]];
  }

  index() {
    this.cells = new Map();
    for (let arc = 0; arc < this.arcs; arc += 1) {
      if (this.twin[arc] >= 0 && this.twin[arc] < arc) continue;
      for (let point = this.start[arc]; point < this.start[arc + 1] - 1; point += 1) {
        const [left, right] = [this.x[point], this.x[point + 1]].map((x) => Math.floor(x / CELL)).sort((a, b) => a - b);
        const [low, high] = [this.y[point], this.y[point + 1]].map((y) => Math.floor(y / CELL)).sort((a, b) => a - b);
        for (let column = left; column <= right; column += 1) {
          for (let row = low; row <= high; row += 1) this.put(`${column},${row}`, arc, point);
        }
      }
    }
  }

  put(cell, arc, point) {
    if (!this.cells.has(cell)) this.cells.set(cell, []);
    this.cells.get(cell).push(arc, point);
  }

  // Returns the arc nearest to a world point within some distance: {arc, foot, distance}, or null.
  // Where one stops alone is taken if ``isToStop``; a street without a name counts as so much farther off.
  nearest([x, y], most, isToStop, unnamed) {
    let best = null;
    const [column, row] = [Math.floor(x / CELL), Math.floor(y / CELL)];
    const reach = Math.min(6, Math.ceil(most / CELL));
    for (let east = -reach; east <= reach; east += 1) {
      for (let north = -reach; north <= reach; north += 1) {
        const found = this.cells.get(`${column + east},${row + north}`) || [];
        for (let at = 0; at < found.length; at += 2) {
          if (isToStop && !this.stops[found[at]]) continue;
          const foot = this.foot(x, y, found[at + 1]);
          const distance = Math.hypot(foot[0] - x, foot[1] - y);
          const rank = distance + (this.nameOf(found[at]) ? 0 : unnamed || 0);
          if (distance <= most && (!best || rank < best.rank)) best = { arc: found[at], foot, distance, rank };
        }
      }
    }
    return best;
  }

  foot(x, y, point) {
    const [dx, dy] = [this.x[point + 1] - this.x[point], this.y[point + 1] - this.y[point]];
    const length = dx * dx + dy * dy;
    const along = length ? ((x - this.x[point]) * dx + (y - this.y[point]) * dy) / length : 0;
    const share = Math.max(0, Math.min(1, along));
    return [this.x[point] + share * dx, this.y[point] + share * dy];
  }

  addArc(path, arc) {
    path.moveTo(this.x[this.start[arc]], this.y[this.start[arc]]);
    for (let point = this.start[arc] + 1; point < this.start[arc + 1]; point += 1) path.lineTo(this.x[point], this.y[point]);
  }

  pathOf(arcs) {
    const path = new Path2D();
    for (const arc of arcs) this.addArc(path, arc);
    return path;
  }

  paths() {
    const paths = this.classes.map(() => new Path2D());
    for (let arc = 0; arc < this.arcs; arc += 1) {
      if (this.twin[arc] < 0 || this.twin[arc] > arc) this.addArc(paths[this.class[arc]], arc);
    }
    return paths;
  }

  // Names of streets with the middle of their longest piece, the longest first.
  labels() {
    if (this.labelled) return this.labelled;
    const longest = new Map();
    for (let arc = 0; arc < this.arcs; arc += 1) {
      const name = this.nameOf(arc);
      if (!name) continue;
      const [first, last] = [this.start[arc], this.start[arc + 1] - 1];
      const length = Math.hypot(this.x[last] - this.x[first], this.y[last] - this.y[first]);
      const known = longest.get(name) || { name, length: 0, total: 0 };
      known.total += length;
      if (length > known.length) {
        const middle = Math.floor((first + last) / 2);
        Object.assign(known, {
          length, x: (this.x[middle] + this.x[middle + 1]) / 2, y: (this.y[middle] + this.y[middle + 1]) / 2,
          angle: Math.atan2(this.y[last] - this.y[first], this.x[last] - this.x[first]),
        });
      }
      longest.set(name, known);
    }
    this.labelled = [...longest.values()].sort((one, two) => two.total - one.total);
    return this.labelled;
  }
}

// What of the plane is seen: its middle, pixels a unit; and the canvas, sharp on any screen.
export class View {
  constructor(canvas, paint) {
    this.canvas = canvas;
    this.paint = paint;
    this.middle = [0, 0];
    this.scale = 1000;
    this.isWaiting = false;
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    if (this.waitsForSize) this.fit(this.waitsForSize);
    this.later();
  }

  get width() {
    return this.canvas.clientWidth;
  }

  get height() {
    return this.canvas.clientHeight;
  }

  pixel([x, y]) {
    return [this.width / 2 + (x - this.middle[0]) * this.scale, this.height / 2 - (y - this.middle[1]) * this.scale];
  }

  point([left, top]) {
    return [this.middle[0] + (left - this.width / 2) / this.scale, this.middle[1] - (top - this.height / 2) / this.scale];
  }

  fit(box) {
    if (!this.width) {
      this.waitsForSize = box;
      return;
    }
    this.waitsForSize = null;
    const [west, south, east, north] = box;
    this.middle = [(west + east) / 2, (south + north) / 2];
    this.scale = 0.92 * Math.min(this.width / Math.max(1e-4, east - west), this.height / Math.max(1e-4, north - south));
    this.later();
  }

  zoom(factor, at) {
    const pixel = at || [this.width / 2, this.height / 2];
    const before = this.point(pixel);
    this.scale = Math.max(500, Math.min(4e6, this.scale * factor));
    const after = this.point(pixel);
    this.middle = [this.middle[0] + before[0] - after[0], this.middle[1] + before[1] - after[1]];
    this.later();
  }

  move(left, top) {
    this.middle = [this.middle[0] - left / this.scale, this.middle[1] + top / this.scale];
    this.later();
  }

  // Paints once, however often it is asked for before the next frame.
  later() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      if (this.width) this.draw();
    });
  }

  draw() {
    const brush = this.canvas.getContext("2d");
    const ratio = this.canvas.width / this.width;
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, this.width, this.height);
    this.paint(brush, this);
  }

  // Strokes a path that is in world units with a width in pixels.
  stroke(brush, path, colour, width, dash) {
    brush.save();
    brush.translate(this.width / 2, this.height / 2);
    brush.scale(this.scale, -this.scale);
    brush.translate(-this.middle[0], -this.middle[1]);
    brush.strokeStyle = colour;
    brush.lineWidth = width / this.scale;
    brush.lineCap = dash ? "butt" : "round";
    brush.lineJoin = "round";
    brush.setLineDash((dash || []).map((part) => part / this.scale));
    brush.stroke(path);
    brush.restore();
  }
}
