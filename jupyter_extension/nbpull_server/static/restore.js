/** Earlier states of the workspace, and the way back to one. */

/** @import { Remote } from "./remote.js" */
/** @import { Words } from "./words.js" */

import { make } from "./dom.js";

export class RestoreView {
  focus = true;

  /** @param {{words: Words, remote: Remote, back: () => void}} tools */
  constructor({ words, remote, back }) {
    this.words = words;
    this.remote = remote;
    this.title = words.say("restore.title");
    this.list = make("ul", { class: "points" });
    this.said = make("p", { role: "status" });
    this.node = make(
      "section",
      { class: "view restore" },
      make("h1", { tabindex: -1 }, this.title),
      make("p", { class: "lead" }, words.say("restore.text")),
      this.list,
      this.said,
      make("div", { class: "actions" }, make("button", { type: "button", click: back }, words.say("restore.back"))),
    );
    void this.#fill();
  }

  async #fill() {
    try {
      const points = await this.remote.restorePoints();
      if (!points.length) this.said.textContent = this.words.say("restore.none");
      this.list.replaceChildren(...points.map((point) => this.#point(point)));
    } catch (error) {
      this.said.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  /** @param {{id: string, created: string}} point */
  #point(point) {
    const when = new Date(point.created);
    const style = /** @type {const} */ ({ dateStyle: "full", timeStyle: "medium" });
    const time = new Intl.DateTimeFormat(this.words.language, style).format(when);
    return make(
      "li",
      {},
      make("time", { datetime: point.created }, time),
      make("button", { type: "button", class: "small", click: () => void this.#use(point.id) }, this.words.say("restore.use")),
    );
  }

  /** @param {string} id */
  async #use(id) {
    try {
      await this.remote.restore(id);
      this.said.textContent = this.words.say("restore.done");
    } catch (error) {
      this.said.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}
