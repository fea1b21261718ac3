/** What is shown where the sync has something to say of the learner's own files. */

/** @import { Facts, Landing, Outcome, Report } from "./facts.js" */
/** @import { Remote } from "./remote.js" */
/** @import { Words } from "./words.js" */

import { byId, make } from "./dom.js";

/** The outcomes that a learner should hear of, the weightiest first. */
const SAID = ["kept-yours", "set-aside", "restored"];
const SECOND = 1000;

/**
 * Tell whether a sync ended with something that its learner should know.
 *
 * @param {Report | null} report
 * @param {Landing | null} landing
 */
export function isWorthSaying(report, landing) {
  return Boolean(landing?.instead_of || report?.notes?.length) || (report?.files ?? []).some((file) => SAID.includes(file.outcome));
}

/**
 * @typedef {{facts: Facts, words: Words, remote: Remote, landing: Landing | null,
 *   leave: () => void}} Tools
 */

export class SummaryView {
  focus = true;

  /**
   * @param {Report | null} report
   * @param {Tools} tools
   */
  constructor(report, tools) {
    this.tools = tools;
    const { words, landing } = tools;
    const files = report?.files ?? [];
    this.title = words.say("summary.title");
    this.clock = make("p", { class: "quiet clock" });
    this.open = make("button", { type: "button", class: "primary", click: tools.leave }, words.say("summary.open"));
    this.stay = make("button", { type: "button", click: () => this.#stop() }, words.say("summary.stay"));
    const groups = SAID.map((outcome) => this.#group(outcome, files));
    const told = groups.some((group) => group !== null);
    this.node = make(
      "section",
      { class: "view summary" },
      make("h1", { tabindex: -1 }, this.title),
      told ? make("p", { class: "lead" }, words.say("summary.lead")) : null,
      landing?.instead_of ? make("p", {}, words.say("summary.instead", { app: landing.instead_of })) : null,
      ...groups,
      ...(report?.notes ?? []).map((note) => make("p", {}, note)),
      report?.restore_point ? this.#undo(report.restore_point) : null,
      make("div", { class: "actions" }, this.open, this.stay),
      this.clock,
    );
    this.#count(tools.facts.countdown);
    // Whoever reads on, or touches anything, is not to be carried away.
    for (const event of ["click", "keydown"]) {
      this.node.addEventListener(event, () => this.#stop(), { once: true });
    }
  }

  /**
   * @param {string} outcome
   * @param {Outcome[]} files
   */
  #group(outcome, files) {
    const { words } = this.tools;
    const these = files.filter((file) => file.outcome === outcome);
    if (!these.length) return null;
    return make(
      "section",
      { class: "group" },
      make("h2", {}, words.say(`summary.${outcome}`)),
      make("ul", {}, ...these.slice(0, 200).map((file) => this.#file(file))),
    );
  }

  /** @param {Outcome} file */
  #file(file) {
    const { words } = this.tools;
    const values = { path: file.set_aside_as ?? file.path };
    return make(
      "li",
      {},
      make("p", { class: "path" }, make("bdi", {}, file.path)),
      make("p", { class: "quiet" }, words.say(`summary.${file.outcome}.text`, values)),
      this.#difference(file),
      file.outcome === "kept-yours" ? this.#take(file.path) : null,
    );
  }

  /** @param {Outcome} file */
  #difference(file) {
    const { words } = this.tools;
    const cells = (file.cells ?? []).filter((cell) => cell.action === "not-taken");
    if (!file.hunks?.length && !cells.length) return null;
    const hunks = (file.hunks ?? []).slice(0, 20).map((hunk) =>
      make(
        "div",
        { class: "hunk" },
        make("p", { class: "label" }, words.say("summary.line", { line: hunk.line })),
        this.#side("ours", words.say("summary.yours"), hunk.ours),
        this.#side("theirs", words.say("summary.theirs"), hunk.theirs),
      ),
    );
    const lines = cells.slice(0, 20).map((cell) => this.#side("theirs", words.say("summary.theirs"), cell.first_line));
    return make("details", {}, make("summary", {}, words.say("summary.difference")), ...hunks, ...lines);
  }

  /**
   * @param {"ours" | "theirs"} side
   * @param {string} whose
   * @param {string} text
   */
  #side(side, whose, text) {
    return make("figure", { class: side }, make("figcaption", {}, whose), make("pre", {}, text || " "));
  }

  /** @param {string} path */
  #take(path) {
    const { words, remote } = this.tools;
    const said = make("span", { class: "quiet", role: "status" });
    const button = make("button", { type: "button", class: "small" }, words.say("summary.take"));
    button.addEventListener("click", () => void this.#act(button, said, "summary.taken", () => remote.take(path)));
    return make("p", { class: "take" }, button, said);
  }

  /** @param {string} point */
  #undo(point) {
    const { words, remote } = this.tools;
    const said = make("span", { class: "quiet", role: "status" });
    const button = make("button", { type: "button", class: "small" }, words.say("summary.undo"));
    button.addEventListener("click", () => void this.#act(button, said, "summary.undone", () => remote.restore(point)));
    return make("p", { class: "take" }, make("span", { class: "quiet" }, words.say("summary.restore-point")), " ", button, said);
  }

  /**
   * Do what a button is for, and say how it went.
   *
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} said
   * @param {string} key
   * @param {() => Promise<void>} act
   */
  async #act(button, said, key, act) {
    button.disabled = true;
    try {
      await act();
      said.textContent = this.tools.words.say(key);
      button.hidden = true;
    } catch (error) {
      button.disabled = false;
      said.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /** @param {number} seconds */
  #count(seconds) {
    if (seconds <= 0) {
      this.#stop();
      return;
    }
    const { words, leave } = this.tools;
    const deadline = performance.now() + seconds * SECOND;
    const tick = () => {
      const left = Math.ceil((deadline - performance.now()) / SECOND);
      if (left <= 0) {
        this.#stop();
        leave();
      } else {
        this.clock.textContent = words.count("summary.countdown", left);
      }
    };
    this.timer = setInterval(tick, SECOND / 4);
    tick();
  }

  #stop() {
    clearInterval(this.timer);
    this.clock.textContent = this.tools.words.say("summary.stopped");
    this.stay.hidden = true;
    byId("status").textContent = this.clock.textContent;
  }
}
