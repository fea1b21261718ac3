/** What is shown where a sync could not be done: what happened, who can mend it, what to do now. */

/** @import { Facts, Failure, Landing } from "./facts.js" */
/** @import { Answers } from "./remote.js" */
/** @import { Action } from "./topics.js" */
/** @import { Words } from "./words.js" */

import { make } from "./dom.js";
import { topicOf, TOPICS } from "./topics.js";

/**
 * @typedef {{facts: Facts, words: Words, landing: Landing | null, log: string[],
 *   go: (path: string) => void, start: (answers: Answers) => void, restore: () => void}} Tools
 */

/** The buttons that ask the server for the same again, with another answer. */
const ANSWERS = /** @type {const} */ ({
  retry: {},
  "new-folder": { new_folder: true },
  moved: { moved: true },
});

export class FailureView {
  focus = true;

  /**
   * @param {Failure} failure
   * @param {Tools} tools
   */
  constructor(failure, tools) {
    this.failure = failure;
    this.tools = tools;
    this.topic = topicOf(failure);
    const { words } = tools;
    const values = this.#values();
    this.title = words.say(`error.${this.topic}.title`, values);
    const known = this.topic !== "git";
    this.node = make(
      "section",
      { class: `view failure ${this.topic === "cancelled" ? "calm" : ""}` },
      make("h1", { tabindex: -1 }, this.title),
      make("p", { class: "lead" }, words.say(`error.${this.topic}.text`, values)),
      this.#address(),
      known ? null : make("p", { class: "said" }, `${failure.message} ${failure.hint}`.trim()),
      this.#suggestions(),
      this.#who(),
      make("div", { class: "actions" }, ...this.#buttons()),
      this.#report(),
    );
  }

  /** @returns {Record<string, string>} */
  #values() {
    const { facts } = this.tools;
    const context = this.failure.context ?? {};
    const url = String(context.url ?? facts.repo ?? "");
    const host = /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([^:/]+)/i.exec(url)?.[1] ?? url;
    return {
      host: String(context.host ?? host),
      what: String(context.what ?? facts.branch ?? ""),
      file: String(context.file ?? ""),
      directory: facts.workspace ?? facts.directory ?? "",
    };
  }

  /** Show which repository it is about, where that is what somebody has to look at. */
  #address() {
    const { facts } = this.tools;
    if (!facts.repo || !["author", "admin"].includes(this.failure.who) || this.topic === "file-missing") return null;
    return make("p", { class: "address" }, make("bdi", {}, facts.repo));
  }

  #suggestions() {
    const { landing, words, go } = this.tools;
    if (this.topic !== "file-missing" || !landing?.suggestions.length) return null;
    const open = landing.suggestions.map(({ path, url }) =>
      make("li", {}, make("button", { type: "button", class: "link", click: () => go(url) }, path)),
    );
    return make(
      "div",
      { class: "suggestions" },
      make("h2", { class: "label" }, words.say("missing.did-you-mean")),
      make("ul", {}, ...open),
    );
  }

  #who() {
    const { words } = this.tools;
    if (this.topic === "cancelled") return null;
    return make(
      "dl",
      { class: "who" },
      make("dt", {}, words.say("who.title")),
      make("dd", {}, words.say(`who.${this.failure.who}`)),
    );
  }

  #buttons() {
    const { facts, words, landing, go } = this.tools;
    // Without a workspace there is nothing that could be started again.
    const actions = facts.workspace === undefined ? [] : TOPICS[this.topic].actions;
    const possible = actions.filter((action) => action !== "restore" || landing?.folder);
    const buttons = possible.map((action) => this.#button(action));
    if (landing?.folder && landing.missing) {
      const folder = landing.folder;
      buttons.push(this.#plain("action.folder", () => go(folder)));
    }
    const open = landing && !landing.missing ? landing.url : "";
    buttons.push(this.#plain("action.continue", () => go(open)));
    buttons[0]?.classList.add("primary");
    return buttons;
  }

  /** @param {Action} action */
  #button(action) {
    const { start, restore } = this.tools;
    if (action === "restore") return this.#plain("action.restore", restore);
    return this.#plain(`action.${action}`, () => start(ANSWERS[action]));
  }

  /**
   * @param {string} key
   * @param {() => void} click
   */
  #plain(key, click) {
    return make("button", { type: "button", click }, this.tools.words.say(key));
  }

  #report() {
    const { words } = this.tools;
    const text = this.#text();
    const copy = make("button", { type: "button" }, words.say("action.copy"));
    const report = make("pre", { class: "log", tabindex: 0, "aria-label": words.say("report.title") }, text);
    copy.addEventListener("click", () => void this.#copy(copy, report, text));
    return make(
      "details",
      {},
      make("summary", {}, words.say("report.title")),
      make("p", { class: "quiet" }, words.say("report.help")),
      report,
      copy,
    );
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} report
   * @param {string} text
   */
  async #copy(button, report, text) {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = this.tools.words.say("action.copied");
    } catch {
      // No clipboard without https: mark the text, so that the keyboard can copy it.
      getSelection()?.selectAllChildren(report);
    }
  }

  #text() {
    const { facts, log } = this.tools;
    const { code, message, hint, who } = this.failure;
    const rows = {
      error: `${code} (${who})`,
      message: `${message} ${hint}`.trim(),
      repository: facts.repo,
      branch: facts.branch,
      folder: facts.workspace ?? facts.directory,
      time: new Date().toISOString(),
      nbpull: facts.version,
      browser: navigator.userAgent,
    };
    const told = Object.entries(rows).filter(([, value]) => value);
    return [...told.map(([name, value]) => `${name}: ${value}`), "", ...log.slice(-60)].join("\n").trim();
  }
}
