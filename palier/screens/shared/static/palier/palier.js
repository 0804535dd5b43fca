// What the pages gain with JavaScript. Each part finds its own elements; without it, every page still works.

/** Groups the letters of a code as it is typed at the end; a caret in the middle is left alone. */
function formatCode(field) {
  if (field.selectionStart !== field.value.length) return;
  const size = Number(field.dataset.groupe);
  const letters = field.value.toUpperCase().replace(/[^A-Z0-9]/g, "");
  field.value = (letters.match(new RegExp(`.{1,${size}}`, "g")) || []).join(" ");
}

/** 0 too short, 1 easy to guess, 2 fair, 3 strong. A hint in words: the server alone decides. */
function strength(text, minimum) {
  if (text.length < minimum) return 0;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(text)).length;
  const distinct = new Set(text.toLowerCase()).size;
  if (distinct < 6 || /^(.{1,4})\1+$/.test(text) || /0123|1234|abcd|azert|qwert|motdepasse|password/i.test(text)) return 1;
  const bits = Math.min(text.length, distinct * 1.6) * (2.6 + kinds);
  return bits < 58 ? 1 : bits < 80 ? 2 : 3;
}

function showStrength(zone) {
  const field = document.getElementById(zone.dataset.force);
  const level = strength(field.value, Number(zone.dataset.minimum));
  zone.hidden = !field.value;
  zone.querySelector("meter").value = level;
  const words = zone.querySelector("[role=status]");
  const next = zone.dataset.mots.split("|")[level];
  if (words.textContent !== next) words.textContent = next;
}

function togglePassword(button) {
  const field = document.getElementById(button.dataset.montre);
  const shown = field.type === "password";
  const words = button.querySelector("span");
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  [words.textContent, button.dataset.cacher] = [button.dataset.cacher, words.textContent];
}

const size = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });

function listFiles(zone) {
  const list = zone.querySelector(".depot-liste");
  list.replaceChildren(...[...zone.querySelector("input").files].map((file) => {
    const item = document.createElement("li");
    item.textContent = `${file.name} (${size.format(file.size / 1e6)} ${list.dataset.unite})`;
    return item;
  }));
}

/** A sentence with its button, in the region that is read aloud politely. */
function place(text, button) {
  const box = document.createElement("div");
  const words = document.createElement("span");
  box.className = "annonce";
  words.textContent = text;
  button.type = "button";
  box.append(words, button);
  document.getElementById("annonces").append(box);
  return box;
}

/** A sentence for everybody; it stays until it is closed or eight seconds pass. */
export function announce(text) {
  const close = document.createElement("button");
  close.className = "bouton bouton-discret bouton-icone";
  close.setAttribute("aria-label", document.getElementById("annonces").dataset.fermer);
  close.textContent = "×";
  const box = place(text, close);
  close.addEventListener("click", () => box.remove());
  const leave = () => (box.matches(":hover, :focus-within") ? setTimeout(leave, 4000) : box.remove());
  setTimeout(leave, 8000);
}

/** Says two minutes before that an idle session ends, with a button that keeps it (RGAA 13.1). */
function watchSession({ veille, veilleAdresse, veilleMots, veilleBouton, veilleFin }) {
  const tabs = new BroadcastChannel("veille"); // what is done in one tab keeps the session of all
  let since = Date.now();
  let box = null;
  const restart = () => {
    since = Date.now();
    box?.remove();
    box = null;
  };
  const active = () => {
    restart();
    tabs.postMessage("");
  };
  const end = () => {
    box.firstChild.textContent = veilleFin;
    box.querySelector("button")?.remove();
  };
  const keep = async () => {
    const answer = await fetch(veilleAdresse, { method: "HEAD", redirect: "manual" }).catch(() => null);
    if (answer?.ok) active();
    else if (answer && box) end();
  };
  tabs.addEventListener("message", restart);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && !detail.requestConfig.headers["X-Palier-Sonde"]) active();
  });
  setInterval(() => {
    // The server writes the last activity at most once a minute: three minutes here are two there at least.
    const left = Number(veille) - (Date.now() - since) / 1000;
    if (left < 180 && !box) {
      const button = document.createElement("button");
      button.className = "bouton";
      button.textContent = veilleBouton;
      button.addEventListener("click", keep);
      box = place(veilleMots, button);
    }
    if (left <= 0 && box.querySelector("button")) end();
  }, 15000);
  active();
}

/** Sends the form with the way done shown, then goes where the server says. */
function sendWithProgress(form) {
  const zone = form.querySelector("[data-progres-zone]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action || location.href);
  request.upload.addEventListener("progress", (event) => {
    const share = Math.floor((100 * event.loaded) / event.total);
    zone.querySelector("progress").value = share;
    zone.querySelector("[data-progres-mots]").textContent = `${share} %`;
  });
  // An accepted form goes to another address; a refused one comes back as a page, shown in place.
  request.addEventListener("load", () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (request.status < 400 && request.responseURL !== location.href) location.assign(request.responseURL);
    else if (main) {
      document.title = page.title;
      document.querySelector("main").replaceWith(main);
      prepare(main);
    }
  });
  request.addEventListener("error", () => form.submit());
  zone.hidden = false;
  form.querySelectorAll("[type=submit]").forEach((button) => button.setAttribute("aria-busy", "true"));
  request.send(new FormData(form));
}

/** Prepares what came with the page or with an htmx fragment. */
function prepare(root) {
  root.querySelectorAll("[data-montre], [data-imprime], [data-bureau]").forEach((button) => { button.hidden = false; });
  root.querySelectorAll("[data-fautes]").forEach((summary) => summary.focus());
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.dataset.groupe && !event.isComposing) formatCode(field);
  const zone = field.id && document.querySelector(`[data-force="${CSS.escape(field.id)}"]`);
  if (zone) showStrength(zone);
});

document.addEventListener("change", (event) => {
  const zone = event.target.closest("[data-depot]");
  if (zone) listFiles(zone);
  if (event.target.matches("[data-envoi-direct]")) event.target.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-montre], [data-ouvre], [data-ferme], [data-imprime]");
  document.querySelectorAll("[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  if (!target) {
    if (event.target.tagName === "DIALOG") event.target.close();
    return;
  }
  const { montre, ouvre, ferme, imprime } = target.dataset;
  if (montre) togglePassword(target);
  if (ouvre && document.getElementById(ouvre)) {
    event.preventDefault();
    document.getElementById(ouvre).showModal();
  }
  if (ferme !== undefined) target.closest("dialog").close();
  if (imprime !== undefined) print();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("[data-menu][open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-progres]") && !event.defaultPrevented) {
    event.preventDefault();
    sendWithProgress(event.target);
  }
});

for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => {
    const zone = event.target.closest && event.target.closest("[data-depot]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("depot-survol", over);
    if (name !== "drop") return;
    const field = zone.querySelector("input");
    const files = new DataTransfer();
    [...event.dataTransfer.files].slice(0, field.multiple ? undefined : 1).forEach((file) => files.items.add(file));
    field.files = files.files;
    listFiles(zone);
  });
}

// The server says a word with the header HX-Trigger: {"annonce": "…"}.
document.addEventListener("annonce", (event) => announce(event.detail.value || event.detail));
document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
const announces = document.getElementById("annonces");
if (announces?.dataset.veille) watchSession(announces.dataset);
