// The keys of the list: j and k go through it, / searches, ? shows them all.

export function keys(list) {
  const help = document.getElementById("keys");
  const search = document.getElementById("q");
  const button = document.getElementById("show-keys");
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());

  function step(by) {
    const links = [...list.querySelectorAll(".opened")];
    const at = links.indexOf(document.activeElement?.closest(".alert")?.querySelector(".opened"));
    const next = links[at < 0 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.closest(".alert").scrollIntoView({ block: "nearest" });
  }

  const does = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => search.focus(),
    "?": () => help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
    if (event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])")) {
      if (event.key === "Escape" && event.target === search) search.blur();
      return;
    }
    const action = does[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
