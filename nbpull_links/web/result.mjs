/** What comes out: the link, its badge in four markups, its QR code. */
import { cloneDirectory, badge, NbpullError } from "./nbpull.mjs";
import { qrModules, qrPicture } from "./qr.mjs";
import { byId, copy, say } from "./view.mjs";

/** The badges that come with the page. @type {Record<string, {file: string, words: string}>} */
const BADGES = {
  binder: { file: "launch-binder.svg", words: "Open on Binder" },
  other: { file: "launch-nbpull.svg", words: "Open in Jupyter" },
};

const result = /** @type {HTMLElement} */ (document.querySelector(".result"));
const link = /** @type {HTMLTextAreaElement} */ (byId("link"));
const snippet = /** @type {HTMLTextAreaElement} */ (byId("snippet"));
const label = /** @type {HTMLInputElement} */ (byId("label"));
const image = /** @type {HTMLInputElement} */ (byId("image"));
const stage = /** @type {HTMLDialogElement} */ (byId("stage"));
let url = "";
let title = "";
let own = BADGES.other;

/** Show a link and what is made of it. @param {string} made @param {import("./form.mjs").Form} form */
export function showResult(made, form) {
  result.dataset.ready = "yes";
  byId("wanting").replaceChildren();
  byId("wanting").dataset.said = "";
  if (made === url) return;
  url = made;
  own = BADGES[form.tab] ?? BADGES.other;
  title = form.path.split("/").filter(Boolean).at(-1) ?? cloneDirectory(form.repo.trim() || form.env.trim());
  link.value = url;
  /** @type {HTMLAnchorElement} */ (byId("open")).href = url;
  showBadge();
  showCode();
}

/**
 * Say what is still to be done instead of showing a link.
 * @param {[id: string, name: string][]} absent
 * @param {[id: string, name: string][]} wrong
 * @param {string} [message]
 */
export function clearResult(absent, wrong, message = "") {
  result.dataset.ready = "no";
  url = "";
  const steps = JSON.stringify([absent, wrong, message]);
  if (byId("wanting").dataset.said === steps) return;
  byId("wanting").dataset.said = steps;
  const list = document.createElement("ul");
  list.append(...absent.map(([id, name]) => stepTo(id, "Fill in ", name)));
  list.append(...wrong.map(([id, name]) => stepTo(id, "Mend: ", name)));
  const words = document.createElement("p");
  words.textContent = message || "It appears here as soon as these are done:";
  byId("wanting").replaceChildren(words, list);
}

/** @param {string} id @param {string} verb @param {string} name */
function stepTo(id, verb, name) {
  const item = document.createElement("li");
  const jump = document.createElement("a");
  jump.href = `#${id}`;
  jump.textContent = name;
  jump.addEventListener("click", (event) => {
    event.preventDefault();
    const field = byId(id);
    const more = field.closest("details");
    if (more) more.open = true;
    field.focus();
  });
  item.append(verb, jump);
  return item;
}

// ── Badge ─────────────────────────────────────────────────────────────────────────────────────────

function showBadge() {
  label.placeholder = own.words;
  image.placeholder = own.file;
  const options = { label: label.value.trim() || own.words, image: image.value.trim() || own.file };
  const markup = /** @type {HTMLInputElement} */ (document.querySelector("[name=markup]:checked")).value;
  try {
    snippet.value = badge(url, markup, options);
    say("image", []);
  } catch (error) {
    if (!(error instanceof NbpullError)) throw error;
    snippet.value = "";
    say("image", [{ level: "error", text: error.message, hint: error.hint }]);
    return;
  }
  const preview = /** @type {HTMLAnchorElement} */ (byId("badge-preview"));
  preview.href = url;
  const save = /** @type {HTMLAnchorElement} */ (byId("picture-save"));
  save.href = `badges/${own.file}`;
  save.download = own.file;
  save.hidden = image.value.trim() !== "";
  if (save.hidden) {
    // A picture that is elsewhere is not fetched: its host would learn who makes a link.
    preview.replaceChildren(options.label);
    byId("picture-help").textContent = "Your picture is not loaded here; its words are shown instead.";
    return;
  }
  const picture = document.createElement("img");
  picture.src = `badges/${own.file}`;
  picture.alt = options.label;
  preview.replaceChildren(picture);
  byId("picture-help").textContent = `The badge shows ${own.file}: save it beside your page.`;
}

// ── QR code ───────────────────────────────────────────────────────────────────────────────────────

function showCode() {
  const modules = qrModules(url);
  const help = byId("qr-help");
  /** @type {HTMLElement} */ (document.querySelector(".qr-row")).dataset.fits = modules ? "yes" : "no";
  if (modules === null) {
    byId("qr").replaceChildren();
    help.textContent = "This link is too long for a QR code. A shorter path or folder would help.";
    return;
  }
  help.textContent = "Learners scan it from the screen and open the link on their own device.";
  const picture = qrPicture(modules, `QR code of the link to ${title}`);
  byId("qr").replaceChildren(picture);
  const save = /** @type {HTMLAnchorElement} */ (byId("qr-save"));
  if (save.href.startsWith("blob:")) URL.revokeObjectURL(save.href);
  const source = new XMLSerializer().serializeToString(picture);
  save.href = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
}

byId("qr-show").addEventListener("click", () => {
  byId("stage-title").textContent = title;
  byId("stage-link").textContent = url;
  const picture = byId("qr").firstElementChild;
  if (picture) byId("stage-qr").replaceChildren(picture.cloneNode(true));
  stage.showModal();
});

// ── Buttons ───────────────────────────────────────────────────────────────────────────────────────

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-copy]"))) {
  const source = /** @type {HTMLTextAreaElement} */ (byId(button.dataset.copy ?? ""));
  button.addEventListener("click", () => copy(source.value, source));
}
byId("share").addEventListener("click", () => copy(location.href));
result.addEventListener("input", (event) => {
  if (event.target !== link && event.target !== snippet) showBadge();
});
