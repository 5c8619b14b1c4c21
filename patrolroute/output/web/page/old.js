// Chromium 90 and 91 lack `at`, which Bokeh calls.
for (const kind of [Array, String, Object.getPrototypeOf(Int8Array)]) {
  if (kind.prototype.at) continue;
  Object.defineProperty(kind.prototype, "at", {
    value(index) {
      const whole = Math.trunc(index) || 0;
      return this[whole < 0 ? whole + this.length : whole];
    },
    configurable: true,
    writable: true,
  });
}
