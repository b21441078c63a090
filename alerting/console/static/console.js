// Keeps the list of alerts as the store has it: new ones in their place, changes in theirs.

import { formsStayShort } from "./filters.js";
import { keys } from "./keys.js";
import { listen } from "./live.js";

const LISTED = 200;

const list = document.getElementById("alerts");
const empty = document.getElementById("empty");
const connection = document.getElementById("connection");
const announcement = document.getElementById("announcement");
const older = document.getElementById("older");
const fresh = document.getElementById("new");
const isOlderPage = "older" in list.dataset;
const title = document.title;
const unseen = new Set(); // what came while the page was in the background
const notHere = new Set(); // what came while an older page was open

function show(state) {
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.textContent = connection.dataset[state];
}

// By time of the alert, then by id, as the store orders them.
function isNewer(card, other) {
  const difference = Number(card.dataset.opened) - Number(other.dataset.opened);
  return difference === 0 ? card.dataset.alert > other.dataset.alert : difference > 0;
}

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // escaped by the server; the page's policy runs no script in it
  return holder.content.firstElementChild;
}

function isBehind(card, known) {
  const [revision, version] = [Number(card.dataset.revision), Number(card.dataset.version)];
  const [ours, theirs] = [Number(known.dataset.revision), Number(known.dataset.version)];
  return revision < ours || version < theirs || (revision === ours && version === theirs);
}

// Shows a card in its place; returns whether the page had not shown its alert before.
function put(html, matches) {
  const card = parse(html);
  const known = list.querySelector(`[data-alert="${CSS.escape(card.dataset.alert)}"]`);
  if (known) {
    if (isBehind(card, known)) return false;
    const focused = known.contains(document.activeElement);
    known.replaceWith(card);
    if (focused) card.querySelector("a").focus();
    card.classList.add("fresh");
    return false;
  }
  if (!matches) return false;
  if (isOlderPage) {
    notHere.add(card.dataset.alert);
    fresh.hidden = false;
    fresh.textContent = fresh.dataset[notHere.size === 1 ? "one" : "other"].replace("{}", notHere.size);
    return true;
  }
  const next = [...list.children].find((other) => isNewer(card, other));
  list.insertBefore(card, next ?? null);
  card.classList.add("fresh");
  trim();
  empty.hidden = true;
  announcement.textContent = card.dataset.announcement;
  return true;
}

// A page that is open for weeks stays light; what it drops is on the next page.
function trim() {
  if (list.children.length <= LISTED) return;
  list.lastElementChild.remove();
  const address = new URL(location.href);
  address.searchParams.set("older", list.lastElementChild.dataset.place);
  older.href = address.pathname + address.search;
  older.hidden = false;
}

function tellUnseen() {
  document.title = unseen.size ? `(${unseen.size}) ${title}` : title;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen.clear();
  tellUnseen();
});

const query = new URLSearchParams(location.search);
for (const name of ["older", "lang", "done"]) query.delete(name);
query.set("cards", document.documentElement.lang);

listen(query, { row: Number(list.dataset.row), change: Number(list.dataset.change) }, {
  alert(data) {
    if (put(data.card, data.matches) && document.hidden) unseen.add(data.alert.alert_id);
    tellUnseen();
  },
  change(data) {
    if (data.gone) {
      list.querySelector(`[data-alert="${CSS.escape(data.alert_id)}"]`)?.remove();
    } else if (put(data.card, data.matches) && document.hidden) {
      unseen.add(data.alert_id); // it was opened again, or grew to match
      tellUnseen();
    }
  },
  counts(data) {
    for (const place of document.querySelectorAll("[data-count]")) {
      place.textContent = data[place.dataset.count] ?? "0";
    }
  },
  state: show,
});

keys(list);
formsStayShort(document.getElementById("filters"));
