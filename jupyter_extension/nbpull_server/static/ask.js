/** The question before anything is pulled from an address that the server does not know. */

/** @import { Facts } from "./facts.js" */
/** @import { Words } from "./words.js" */

import { make } from "./dom.js";

export class AskView {
  focus = true;

  /** @param {{facts: Facts, words: Words, yes: () => void, no: () => void}} tools */
  constructor({ facts, words, yes, no }) {
    this.title = words.say("ask.title");
    this.node = make(
      "section",
      { class: "view ask" },
      make("h1", { tabindex: -1 }, this.title),
      make("p", { class: "lead" }, words.say("ask.text")),
      make("h2", { class: "label" }, words.say("ask.address")),
      make("p", { class: "address" }, make("bdi", {}, facts.repo ?? "")),
      make("p", {}, words.say("ask.into", { directory: facts.workspace ?? "" })),
      make(
        "div",
        { class: "actions" },
        make("button", { type: "button", class: "primary", click: yes }, words.say("ask.yes")),
        make("button", { type: "button", click: no }, words.say("ask.no")),
      ),
    );
  }
}
