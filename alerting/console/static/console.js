// Keeps the list of alerts as the store has it: new ones in their place, revisions in theirs.

const LISTED = 100;
const SILENCE_MS = 30_000; // the console is heard at least every 10 s
const RETRY_MS = 2_000;

const list = document.getElementById("alerts");
const empty = document.getElementById("empty");
const connection = document.getElementById("connection");
const announcement = document.getElementById("announcement");

let row = Number(list.dataset.row);
let source = null;
let heardAt = 0;

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

function put(card) {
  const known = list.querySelector(`[data-alert="${CSS.escape(card.dataset.alert)}"]`);
  if (known) {
    if (Number(known.dataset.revision) >= Number(card.dataset.revision)) return;
    known.replaceWith(card);
  } else {
    const next = [...list.children].find((other) => isNewer(card, other));
    list.insertBefore(card, next ?? null);
    if (list.children.length > LISTED) list.lastElementChild.remove();
  }
  empty.hidden = true;
  card.classList.add("fresh");
  announcement.textContent = card.dataset.announcement;
}

function heard() {
  heardAt = Date.now();
}

function open() {
  source?.close();
  heard();
  const query = new URLSearchParams({ after: row, cards: document.documentElement.lang });
  source = new EventSource(`/stream?${query}`);
  source.addEventListener("alert", (message) => {
    heard();
    const arrival = JSON.parse(message.data);
    row = arrival.row;
    put(parse(arrival.card));
  });
  source.addEventListener("feed", (message) => {
    heard();
    show(JSON.parse(message.data).state);
  });
  // The store is another one than this page was made from.
  source.addEventListener("reset", () => location.reload());
  source.addEventListener("error", () => {
    show("offline");
    // The browser reconnects by itself, but not after an answer that is no stream.
    if (source.readyState === EventSource.CLOSED) setTimeout(open, RETRY_MS);
  });
}

// A connection can die without a word, in a sleeping laptop or behind a proxy.
setInterval(() => {
  if (Date.now() - heardAt > SILENCE_MS) {
    show("offline");
    open();
  }
}, 5_000);

open();
