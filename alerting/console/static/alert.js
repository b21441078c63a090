// Says so when somebody else works on the alert of this page, or when it grows.

import { listen } from "./live.js";

const changed = document.getElementById("changed");
const { alert: alertId, row, change } = changed.dataset;
let stop = null;

function tell(id) {
  if (id === alertId) changed.hidden = false;
}

// Only while it is looked at: a browser opens few connections to one address at a time.
function follow() {
  if (document.hidden || !changed.hidden) {
    stop?.();
    stop = null;
  } else {
    stop ??= listen("", { row: Number(row), change: Number(change) }, {
      alert: (data) => tell(data.alert.alert_id),
      change: (data) => tell(data.alert_id),
    });
  }
}

document.addEventListener("visibilitychange", follow);
follow();
