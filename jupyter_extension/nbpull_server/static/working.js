/** What is shown while the sync runs: how far it is, in words and in figures. */

/** @import { Facts, Progress } from "./facts.js" */
/** @import { Words } from "./words.js" */

import { byId, make } from "./dom.js";

/** How far the figure must move before a screen reader hears of it again. */
const SPOKEN_STEP = 25;

export class WorkingView {
  /** @param {{facts: Facts, words: Words, cancel: () => void}} tools */
  constructor({ facts, words, cancel }) {
    this.words = words;
    this.title = words.say("working.title");
    this.spoken = "";
    this.heading = make("h1", { tabindex: -1 }, this.title);
    this.fill = make("div", { class: "fill" });
    this.bar = make("div", { class: "bar busy", role: "progressbar", "aria-label": words.say("working.progress") }, this.fill);
    this.step = make("span", { class: "step" }, words.say("phase.starting"));
    this.figures = make("span", { class: "figures" });
    this.lines = make("pre", { class: "log", tabindex: 0, "aria-label": words.say("working.log") }, words.say("working.log.empty"));
    this.calm = make("p", { class: "quiet" }, words.say("working.calm"));
    this.cancel = make("button", { type: "button", click: () => this.#cancel(cancel) }, words.say("working.cancel"));
    this.quiet = true;
    this.node = make(
      "section",
      { class: "view working" },
      this.heading,
      make("p", { class: "lead" }, this.#source(facts)),
      this.bar,
      make("p", { class: "now" }, this.step, this.figures),
      this.calm,
      make("div", { class: "actions" }, this.cancel),
      make("details", {}, make("summary", {}, words.say("working.log")), this.lines),
    );
  }

  /** @param {Progress} progress */
  showProgress(progress) {
    const words = this.words;
    const step = words.step(progress.phase, progress.message);
    this.step.textContent = step;
    const figures = [];
    const { done, total } = progress;
    if (done !== null && total) {
      const percent = Math.floor((100 * Math.min(done, total)) / total);
      this.bar.classList.remove("busy");
      this.bar.setAttribute("aria-valuenow", String(percent));
      this.bar.setAttribute("aria-valuetext", `${step}, ${words.percent(done, total)}`);
      this.fill.style.inlineSize = `${percent}%`;
      figures.push(words.percent(done, total));
      this.#speak(`${step}, ${words.percent(percent - (percent % SPOKEN_STEP), 100)}`);
    } else {
      this.bar.classList.add("busy");
      this.bar.removeAttribute("aria-valuenow");
      this.bar.removeAttribute("aria-valuetext");
      this.fill.style.inlineSize = "";
      this.#speak(step);
    }
    if (progress.bytes) figures.push(words.size(progress.bytes));
    if (progress.speed) figures.push(words.say("working.at-speed", { speed: words.size(progress.speed) }));
    this.figures.textContent = figures.join(" · ");
  }

  /** @param {string} line */
  showLog(line) {
    if (this.quiet) this.lines.textContent = "";
    this.quiet = false;
    const low = this.lines.scrollTop + this.lines.clientHeight >= this.lines.scrollHeight - 4;
    this.lines.append(line.replace(/\r?\n?$/, "\n"));
    while (this.lines.childNodes.length > 500) this.lines.firstChild?.remove();
    if (low) this.lines.scrollTop = this.lines.scrollHeight;
  }

  /** @param {boolean} lost */
  showLost(lost) {
    this.calm.textContent = this.words.say(lost ? "working.lost" : "working.calm");
    this.calm.classList.toggle("warn", lost);
    if (lost) this.#speak(this.calm.textContent);
  }

  /** @param {string | null} file */
  showLeaving(file) {
    const words = this.words;
    this.bar.classList.remove("busy");
    this.fill.style.inlineSize = "100%";
    this.step.textContent = file ? words.say("opening.text", { file }) : words.say("opening.home");
    this.figures.textContent = "";
    this.cancel.disabled = true;
    this.#speak(this.step.textContent);
  }

  /** @param {() => void} cancel */
  #cancel(cancel) {
    this.cancel.disabled = true;
    this.cancel.textContent = this.words.say("working.cancelling");
    cancel();
  }

  /** @param {string} text */
  #speak(text) {
    if (text === this.spoken) return;
    this.spoken = text;
    byId("status").textContent = text;
  }

  /** @param {Facts} facts */
  #source(facts) {
    const parts = [this.words.say("working.from", { repo: facts.repo ?? "" })];
    if (facts.branch) parts.push(this.words.say("working.branch", { branch: facts.branch }));
    return make("bdi", {}, parts.join(", "));
  }
}
