// The stream from the console: heard again by itself after any break, from where it was.

const SILENCE_MS = 30_000; // the console is heard at least every 10 s
const RETRY_MS = 2_000;

// `from` is {row, change}; `on` has a function for each event, and `state` for how it stands.
// Returns a function that stops listening.
export function listen(query, from, on) {
  const place = { ...from };
  let source = null;
  let heardAt = 0;
  let retry = 0;

  function open() {
    source?.close();
    heardAt = Date.now();
    const asked = new URLSearchParams(query);
    asked.set("after", place.row);
    asked.set("changed", place.change);
    source = new EventSource(`/stream?${asked}`);
    hear("alert", (data) => {
      place.row = data.row;
      on.alert?.(data);
    });
    hear("change", (data) => {
      place.change = data.change;
      on.change?.(data);
    });
    hear("feed", (data) => on.state?.(data.state));
    hear("counts", (data) => on.counts?.(data));
    // The store is another one than this page was made from.
    hear("reset", () => location.reload());
    hear("signed_out", () => location.reload());
    source.addEventListener("error", () => {
      on.state?.("offline");
      // The browser reconnects by itself, but not after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) {
        clearTimeout(retry);
        retry = setTimeout(again, RETRY_MS);
      }
    });
  }

  // Who is signed out meanwhile is led to the sign-in.
  function again() {
    fetch("/home", { redirect: "manual" }).then(
      (answer) => (answer.status === 401 ? location.reload() : open()),
      open,
    );
  }

  function hear(name, then) {
    source.addEventListener(name, (message) => {
      heardAt = Date.now();
      then(JSON.parse(message.data));
    });
  }

  // A connection can die without a word, in a sleeping laptop or behind a proxy.
  const watch = setInterval(() => {
    if (Date.now() - heardAt <= SILENCE_MS) return;
    on.state?.("offline");
    open();
  }, 5_000);

  open();
  return () => {
    clearInterval(watch);
    clearTimeout(retry);
    source?.close();
  };
}
