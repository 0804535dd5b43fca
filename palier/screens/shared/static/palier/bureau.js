// The staff desk's keys: "/" searches, "j" and "k" move from row to row, "?" lists them. They can be turned off.
const KEY = "palier.touches";
const box = document.querySelector("[data-touches]");

// Kept from one visit to the next only if the person accepted it (purpose "navigation" of the cookies page).
const kept = "navigation" in document.body.dataset;
let on = !kept || localStorage.getItem(KEY) !== "non";
if (!kept) localStorage.removeItem(KEY);

function isOn() {
  return on;
}

/** The rows on which j and k stop: links of the lists and of the tables, those shown only. */
function rows() {
  return [...document.querySelectorAll("main [data-ligne]")].filter((row) => row.offsetParent);
}

function move(step) {
  const all = rows();
  const here = all.indexOf(document.activeElement.closest("[data-ligne]"));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step))];
  if (next) next.focus();
}

if (box) {
  box.checked = isOn();
  box.addEventListener("change", () => {
    on = box.checked;
    if (kept) localStorage.setItem(KEY, on ? "oui" : "non");
  });
}

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input, select, textarea, dialog, [contenteditable]");
  if (busy || event.ctrlKey || event.metaKey || event.altKey || !isOn()) return;
  const search = document.querySelector("[data-recherche]");
  const keys = {
    "/": () => { if (search) { search.focus(); search.select(); } },
    "?": () => document.getElementById("touches").showModal(),
    j: () => move(1),
    k: () => move(-1),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
