/** The page between the link and the notebook: which view is shown, and when it leaves. */

/** @import { Failure, Landing, Report } from "./facts.js" */
/** @import { Answers } from "./remote.js" */

import { AskView } from "./ask.js";
import { byId } from "./dom.js";
import { FailureView } from "./failure.js";
import { readFacts } from "./facts.js";
import { Neighbours } from "./neighbours.js";
import { Refused, Remote } from "./remote.js";
import { RestoreView } from "./restore.js";
import { isWorthSaying, SummaryView } from "./summary.js";
import { Words } from "./words.js";
import { WorkingView } from "./working.js";

const facts = readFacts(document.body);
const words = new Words(facts);
const remote = new Remote(facts, cleanQuery());
const neighbours = new Neighbours(facts.base);
const main = byId("main");

/** How long a lost connection may take to come back by itself, in milliseconds. */
const PATIENCE = 20_000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let giveUp;
/** @type {Report | null} */
let report = null;
/** @type {Failure | null} */
let failure = null;
/** @type {WorkingView | null} */
let working = null;
/** @type {string[]} */
let log = [];

/**
 * Give the link's query, and take what is no business of anybody's out of the address bar.
 */
function cleanQuery() {
  const url = new URL(location.href);
  if (url.searchParams.has("token")) {
    url.searchParams.delete("token");
    history.replaceState(history.state, "", url);
  }
  return url.search.slice(1);
}

/** @param {{title: string, node: HTMLElement, focus?: boolean}} view */
function show(view) {
  main.replaceChildren(view.node);
  document.title = view.title;
  if (view.focus) main.querySelector("h1")?.focus();
}

/** @param {Landing | null} landing */
function leave(landing) {
  const place = landing && !landing.missing ? landing : null;
  // Not a page that anybody wants to come back to: its place in the history is the file's.
  location.replace(facts.base + (place?.url ?? ""));
  working?.showLeaving(place?.file ?? null);
}

/** @param {Failure} failed @param {Landing | null} landing */
function fail(failed, landing) {
  show(
    new FailureView(failed, {
      facts,
      words,
      landing,
      log,
      go: (path) => location.assign(facts.base + path),
      start: (answers) => void begin(answers),
      restore: () => show(new RestoreView({ words, remote, back: () => fail(failed, landing) })),
    }),
  );
  byId("alert").textContent = `${document.title}.`;
}

/** @param {Landing | null} landing */
function finish(landing) {
  if (landing?.missing) {
    const file = landing.file ?? "";
    const message = `The link names ${file}, which is not in the repository.`;
    fail({ code: "file-missing", message, hint: "", who: "author", context: { file } }, landing);
    return;
  }
  if (!isWorthSaying(report, landing)) {
    leave(landing);
    return;
  }
  const view = new SummaryView(report, { facts, words, remote, landing, leave: () => leave(landing) });
  show(view);
  byId("status").textContent = view.title;
}

/** @param {any} event */
function listen(event) {
  switch (event.type) {
    case "progress":
      working?.showProgress(event);
      break;
    case "log":
      log = [...log.slice(-500), event.message];
      working?.showLog(event.message);
      break;
    case "report":
      report = event;
      break;
    case "error":
      failure = event;
      break;
    case "lost":
      working?.showLost(true);
      giveUp ??= setTimeout(() => remote.giveUp(listen), PATIENCE);
      break;
    case "found":
      working?.showLost(false);
      clearTimeout(giveUp);
      giveUp = undefined;
      break;
    case "end":
      clearTimeout(giveUp);
      giveUp = undefined;
      neighbours.after(facts.workspace);
      if (failure) fail(failure, event.landing);
      else finish(event.landing);
      break;
  }
}

/** Show that there is work, of which nothing is known yet. */
function wait() {
  report = null;
  failure = null;
  log = [];
  remote.renew();
  working = new WorkingView({ facts, words, cancel: () => void remote.cancel() });
  show(working);
}

/** @param {Answers} answers */
async function begin(answers) {
  wait();
  await start(answers);
}

/** @param {Answers} answers */
async function start(answers) {
  try {
    await neighbours.before(facts.workspace);
    await remote.start(answers, listen);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.failure.code === "ask-first") ask();
    else fail(error.failure, facts.landing);
  }
}

function ask() {
  const yes = () => void begin({ confirmed: true });
  show(new AskView({ facts, words, yes, no: () => location.assign(facts.base) }));
}

async function open() {
  if (facts.error) {
    fail(facts.error, facts.landing);
    return;
  }
  wait();
  if (await remote.resume(listen).catch(() => false)) return;
  if (facts.decision === "ask") ask();
  else await start({});
}

void open();
