/**
 * The page: what is typed goes into a form value, and everything on view follows from that value.
 *
 * Nothing here knows a rule of links; those are in nbpull.mjs, and what is said beside a field in advice.mjs.
 */
import { advise } from "./advice.mjs";
import { EMPTY, fromQuery, missing, takeApart, toInput, toQuery } from "./form.mjs";
import { makeLink, NbpullError } from "./nbpull.mjs";
import { clearResult, showResult } from "./result.mjs";
import { byId, say } from "./view.mjs";

/** @typedef {import("./form.mjs").Form} Form */
/** @typedef {import("./form.mjs").Field} Field */

const PAUSE = 700; // milliseconds without a key, after which what typing on might have mended is said
const FIELDS = /** @type {Field[]} */ (Object.keys(EMPTY));
const WANTED = new Map(Object.entries({
  repo: "the content repository", hub: "the address of the JupyterHub", env: "the environment repository",
  server: "the address of the server",
}));

const form = /** @type {HTMLFormElement} */ (byId("form"));
/** The field that is being typed into, about which not everything is said at once. @type {Field | null} */
let typing = null;
let pause = 0;

// ── Reading and filling the fields ────────────────────────────────────────────────────────────────

/** @param {Field} field */
const control = (field) => /** @type {HTMLInputElement | HTMLSelectElement | RadioNodeList} */ (form.elements.namedItem(field));

/** @returns {Form} */
function readForm() {
  return /** @type {Form} */ (Object.fromEntries(FIELDS.map((field) => [field, control(field).value])));
}

/** @param {Partial<Form>} values */
function fill(values) {
  for (const [field, value] of Object.entries(values)) control(/** @type {Field} */ (field)).value = value;
  for (const more of form.querySelectorAll("details")) {
    if ([...more.querySelectorAll("input")].some((input) => input.value !== "")) more.open = true;
  }
  typing = null;
  render();
}

// ── What follows from the form ────────────────────────────────────────────────────────────────────

function render() {
  const values = readForm();
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-for]"))) {
    part.hidden = !(part.dataset.for ?? "").split(" ").some((name) => name === values.tab || name === values.app);
  }
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-unless]"))) {
    part.hidden = part.dataset.unless === values.app;
  }
  byId("repo-optional").hidden = values.tab !== "binder";
  const query = toQuery(values);
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
  const wrong = showAdvice(values);
  renderResult(values, wrong);
}

/**
 * Say what there is to say beside each field, and give those that cannot stay as they are.
 * @param {Form} values
 * @returns {Field[]}
 */
function showAdvice(values) {
  const all = advise(values);
  /** @type {Field[]} */
  const wrong = [];
  for (const field of FIELDS) {
    const things = all.get(field) ?? [];
    if (things.some(({ level }) => level === "error")) wrong.push(field);
    if (field === "tab") continue;
    const now = field === typing ? things.filter(({ early }) => !early) : things;
    say(field, now, (change) => {
      fill(change);
      byId(field).focus();
    });
  }
  return wrong;
}

/** @param {Form} values @param {Field[]} wrong */
function renderResult(values, wrong) {
  const absent = missing(values);
  if (absent.length > 0 || wrong.length > 0) {
    clearResult(
      absent.map((field) => [field, WANTED.get(field) ?? field]),
      wrong.map((field) => [field, labelOf(field)]),
    );
    return;
  }
  try {
    showResult(makeLink(toInput(values)), values);
  } catch (error) {
    if (!(error instanceof NbpullError)) throw error;
    clearResult([], [], String(error));
  }
}

/** @param {string} field */
function labelOf(field) {
  const label = /** @type {HTMLLabelElement} */ (document.querySelector(`label[for="${field}"]`));
  return label.firstChild?.textContent?.trim() ?? field;
}

// ── What the reader does ──────────────────────────────────────────────────────────────────────────

form.addEventListener("input", (event) => {
  const { id } = /** @type {HTMLElement} */ (event.target);
  const grows = isTyped(/** @type {InputEvent} */ (event));
  if (id === "paste") {
    if (!grows) takePaste();
    return;
  }
  typing = grows ? /** @type {Field} */ (id) : null;
  window.clearTimeout(pause);
  if (grows) pause = window.setTimeout(settle, PAUSE);
  render();
});

/**
 * Tell what is typed, and grows, from what comes whole: pasted, dropped, chosen or filled in by the browser.
 * @param {InputEvent} event
 */
const isTyped = ({ inputType = "", data }) =>
  inputType.startsWith("delete") || (inputType === "insertText" && data?.length === 1);

form.addEventListener("change", (event) => {
  if (/** @type {HTMLElement} */ (event.target).id === "paste") takePaste();
  else settle();
});

form.addEventListener("submit", (event) => event.preventDefault());

byId("paste").addEventListener("keydown", (event) => {
  if (event.key === "Enter") takePaste();
});

window.addEventListener("popstate", () => fill(fromQuery(location.search)));

function settle() {
  window.clearTimeout(pause);
  typing = null;
  render();
}

/** Take apart what stands in the first field, and fill in the others. */
function takePaste() {
  const text = /** @type {HTMLInputElement} */ (byId("paste")).value.trim();
  if (text === "") {
    say("paste", []);
    return;
  }
  try {
    const { form: parts, what, warnings } = takeApart(text);
    fill(parts);
    /** @type {import("./view.mjs").Saying[]} */
    const things = [{ level: "good", text: `Read as ${what}. Its parts are filled in below.`, hint: "" }];
    for (const { message } of warnings) things.push({ level: "warn", text: message, hint: "" });
    say("paste", things);
  } catch (error) {
    if (!(error instanceof NbpullError)) throw error;
    say("paste", [{ level: "error", text: error.message, hint: error.hint }]);
  }
}

fill(fromQuery(location.search));
