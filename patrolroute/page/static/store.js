// What the page knows: the night as it is typed, what the server says it means, what is selected; and how it is edited.

export const store = {
  night: null,
  shown: null, // the server's last answer: revision, complaints, todo, drawn, …
  findings: null, // what the doctor found of this state; null: not asked yet
  selected: null, // {list, table, row}
  list: "depots", // the table that is open
  view: "edit",
  lang: "zh",
  words: null,
  tool: "select",
  plans: [],
};

const listeners = [];

export function onChange(listener) {
  listeners.push(listener);
}

export function changed(what) {
  for (const listener of listeners) listener(what);
}

export function say(key, values) {
  const phrase = store.words.words[store.lang][key];
  if (phrase === undefined) throw new Error(`no word for ${key}`);
  return Object.entries(values || {}).reduce((text, [name, value]) => text.split(`{${name}}`).join(value), phrase);
}

export async function ask(address, options) {
  const answer = await fetch(address, { cache: "no-store", ...options });
  const kind = answer.headers.get("content-type") || "";
  const content = kind.startsWith("application/json") ? await answer.json() : await answer.text();
  if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { status: answer.status, content });
  return content;
}

export function send(address, value, method) {
  const headers = { "content-type": "application/json" };
  return ask(address, { method: method || "POST", headers, body: JSON.stringify(value) });
}

// Edits come quicker than answers: what is typed shows at once, one request is under way, the last state is sent.
let isSending = false;
let isWaiting = false;
let underWay = Promise.resolve();

export function edit(change) {
  const next = JSON.parse(JSON.stringify(store.night));
  change(next);
  store.night = next;
  store.findings = null;
  changed("night");
  const sent = sendNight();
  if (!isWaiting) underWay = sent;
  return sent;
}

// Waits until the server has all that was typed: a plan is made of the night as it stands there.
export function settled() {
  return underWay;
}

async function sendNight() {
  if (isSending) {
    isWaiting = true;
    return;
  }
  isSending = true;
  try {
    do {
      isWaiting = false;
      const answer = await send("/night", { night: store.night, revision: store.shown.revision }, "PUT");
      take(answer, isWaiting);
    } while (isWaiting);
  } catch (error) {
    await failed(error);
  } finally {
    isSending = false;
  }
}

export function take(answer, keepsNight) {
  store.shown = answer;
  if (!keepsNight) store.night = answer.night;
  store.findings = null;
  changed("shown");
}

export async function reload() {
  take(await ask("/night"));
}

export async function stepped(by) {
  try {
    take(await send("/night/step", { by, revision: store.shown.revision }));
  } catch (error) {
    await failed(error);
  }
}

// Tells what went wrong; a state that another window has changed meanwhile is fetched anew.
export async function failed(error) {
  const content = error.content || {};
  if (error.status === 409 && content.error === "stale") {
    await reload();
    tell(say("stale"));
  } else if (content.complaints) {
    tell(content.complaints.map((one) => one[`sentence_${store.lang}`]).join("\n"));
  } else if (error.status === 409) {
    tell(say("busy"));
  } else if (error.status === 413) {
    tell(say("too_large"));
  } else {
    tell(error.status ? `${say("failed")} (${error.status})` : say("gone"));
  }
}

let vanishing = 0;

export function tell(sentence) {
  const box = document.getElementById("message");
  box.textContent = sentence;
  box.hidden = false;
  clearTimeout(vanishing);
  vanishing = setTimeout(() => { box.hidden = true; }, 7000);
}

export function select(selected) {
  store.selected = selected;
  if (selected) store.list = selected.list;
  changed("selected");
}

export function isSelected(list, table, row) {
  const one = store.selected;
  return Boolean(one) && one.list === list && (one.table || 0) === (table || 0) && one.row === row;
}

// Makes an element with plain text: nothing that a name holds becomes markup.
export function element(tag, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

export function percent(share, digits) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(digits === undefined ? 1 : digits)} %`;
}
