// Several files sent one after another, each with the way done and its own way out. Without JavaScript the form sends
// them all at once and the server answers with the list.
const form = document.querySelector("[data-envois]");
const words = document.querySelector("[data-envois-mots]").dataset;
const said = document.querySelector("[data-envois-dit]");
const zone = document.querySelector("[data-envois-suivi]");
const model = document.querySelector("[data-envois-modele]");
const waiting = [];
let total = 0;
let done = 0;
let running = false;

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function row(nom) {
  const item = model.content.firstElementChild.cloneNode(true);
  item.querySelector("[data-nom]").textContent = nom;
  item.querySelector("progress").setAttribute("aria-label", filled(words.progres, { nom }));
  item.querySelector("[data-annuler]").setAttribute("aria-label", filled(words.annuler, { nom }));
  return item;
}

/** Ends a sending: its words, whether it may be followed, and where the keyboard goes when its button is gone. */
function end(envoi, text, address) {
  const button = envoi.item.querySelector("[data-annuler]");
  const link = envoi.item.querySelector("[data-rapport]");
  const here = document.activeElement === button;
  envoi.over = true;
  envoi.item.querySelector("[data-etat]").textContent = text;
  button.hidden = true;
  if (address) {
    link.href = address;
    link.hidden = false;
    link.setAttribute("aria-label", filled(words.suivre, { nom: envoi.nom }));
  } else envoi.item.querySelector("progress").hidden = true;
  if (!here) return;
  if (address) link.focus();
  else {
    envoi.item.tabIndex = -1;
    envoi.item.focus();
  }
}

function finish(envoi, text, address = "") {
  end(envoi, text, address);
  if (address) {
    done += 1;
    window.htmx?.trigger("#recus", "rafraichir");
  }
  said.textContent = address ? filled(words.dit, { fait: done, total }) : `${envoi.nom} : ${text}`;
  next();
}

function send(envoi) {
  const request = new XMLHttpRequest();
  const content = new FormData();
  content.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  content.append("mode", envoi.mode);
  content.append("ensemble", envoi.files.length > 1 ? "oui" : "non");
  for (const file of envoi.files) content.append("dossier", file);
  envoi.request = request;
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    const share = event.total ? Math.floor((100 * event.loaded) / event.total) : 0;
    envoi.item.querySelector("progress").value = share;
    envoi.item.querySelector("[data-etat]").textContent = `${share} %`;
  });
  request.addEventListener("load", () => {
    const answer = request.response || {};
    if (request.status === 201 && answer.adresse) finish(envoi, words.fini, answer.adresse);
    else finish(envoi, answer.faute || words.echec);
  });
  request.addEventListener("error", () => finish(envoi, words.echec));
  request.addEventListener("abort", () => finish(envoi, words.annule));
  request.send(content);
}

function next() {
  let envoi = waiting.shift();
  while (envoi && envoi.over) envoi = waiting.shift();
  running = Boolean(envoi);
  if (envoi) send(envoi);
}

function cancel(envoi) {
  if (envoi.over) return;
  if (envoi.request) envoi.request.abort();
  else {
    end(envoi, words.annule, "");
    said.textContent = `${envoi.nom} : ${words.annule}`;
  }
}

form.addEventListener("submit", (event) => {
  const field = form.elements.dossier;
  if (!field.files.length) return;
  event.preventDefault();
  const { mode, ensemble } = Object.fromEntries(new FormData(form));
  // In the order that a person reads: export-2 before export-10.
  const files = [...field.files].sort((a, b) => a.name.localeCompare(b.name, "fr", { numeric: true }));
  // Files that go together are one sending: one way done, one way out, one answer.
  const groups = ensemble === "oui" ? [files] : files.map((file) => [file]);
  for (const group of groups) {
    const first = group[0].name;
    const nom = group.length > 1 ? filled(words.ensemble, { nom: first, n: group.length - 1 }) : first;
    const envoi = { files: group, nom, mode, item: row(nom), request: null, over: false };
    envoi.item.querySelector("[data-annuler]").addEventListener("click", () => cancel(envoi));
    zone.querySelector("ul").append(envoi.item);
    waiting.push(envoi);
    total += 1;
  }
  zone.hidden = false;
  said.textContent = filled(words.dit, { fait: done, total });
  form.reset();
  form.querySelector(".depot-liste").replaceChildren();
  if (!running) next();
});

// A page left while a file is on its way would lose it: the browser asks.
window.addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
