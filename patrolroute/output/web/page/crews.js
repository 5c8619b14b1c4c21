// The list of crews: switch on and off, find, all, none, only this one.

function listCrews() {
  const list = byId("crews");
  night.crews.forEach((crew, index) => {
    const row = element("li");
    row.dataset.crew = index;
    const box = element("input");
    box.type = "checkbox";
    box.setAttribute("aria-label", crew.name);
    box.addEventListener("change", () => switchCrews([index], box.checked));
    const name = element("button", crew.name, "name");
    name.addEventListener("click", () => choose("crew", index));
    const only = element("button", say("only"), "only");
    only.addEventListener("click", () => showCrews([index]));
    row.append(box, element("span", null, "swatch"), name, element("span", "", "now"), only);
    list.append(row);
  });
  byId("search").addEventListener("input", filterCrews);
  byId("all").addEventListener("click", () => switchCrews(foundCrews(), true));
  byId("none").addEventListener("click", () => switchCrews(foundCrews(), false));
}

function foundCrews() {
  return [...byId("crews").children].filter((row) => !row.hidden).map((row) => Number(row.dataset.crew));
}

function filterCrews() {
  const wish = byId("search").value.trim().toLowerCase();
  for (const row of byId("crews").children) {
    row.style.display = night.crews[row.dataset.crew].name.toLowerCase().includes(wish) ? "" : "none";
    row.hidden = row.style.display === "none";
  }
  markCrews();
}

function switchCrews(crews, isOn) {
  for (const crew of crews) {
    if (isOn) state.shown.add(crew);
    else state.shown.delete(crew);
  }
  drawAll();
  markCrews();
}

function showCrews(crews) {
  state.shown = new Set(crews);
  drawAll();
  markCrews();
}

function markCrews() {
  for (const row of byId("crews").children) {
    const crew = Number(row.dataset.crew);
    row.querySelector("input").checked = state.shown.has(crew);
    const colour = crewColour(crew);
    const dashes = `repeating-linear-gradient(90deg, ${colour} 0 5px, white 5px 7px)`;
    row.querySelector(".swatch").style.background = isAgain(crew) ? dashes : colour;
  }
  const count = say("shown", { n: state.shown.size, all: night.crews.length });
  showLegend();
  byId("shown").textContent = foundCrews().length ? count : say("no_crew");
  sayNow();
}
