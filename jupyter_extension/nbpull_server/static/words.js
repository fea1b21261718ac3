/** The page's words, in the reader's language. */

/** @import { Facts } from "./facts.js" */

/** What stands for a value in a message: {name}. */
const SLOT = /\{(\w+)\}/g;

export class Words {
  /** @param {Facts} facts */
  constructor(facts) {
    this.messages = facts.messages;
    this.language = facts.language;
    this.plurals = new Intl.PluralRules(facts.language);
  }

  /**
   * Give a message with its values filled in.
   *
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  say(key, values = {}) {
    const message = this.messages[key] ?? key;
    return message.replace(SLOT, (_, name) => String(values[name] ?? ""));
  }

  /** @param {string} key */
  knows(key) {
    return key in this.messages;
  }

  /**
   * Give a message in the form that its number asks for.
   *
   * @param {string} key
   * @param {number} count
   */
  count(key, count) {
    const form = `${key}.${this.plurals.select(count)}`;
    return this.say(this.knows(form) ? form : `${key}.other`, { count: this.number(count) });
  }

  /** @param {number} value */
  number(value) {
    return new Intl.NumberFormat(this.language).format(value);
  }

  /**
   * @param {number} done
   * @param {number} total
   */
  percent(done, total) {
    const share = total > 0 ? Math.min(1, done / total) : 0;
    return new Intl.NumberFormat(this.language, { style: "percent" }).format(Math.floor(share * 100) / 100);
  }

  /** @param {number} bytes */
  size(bytes) {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    let value = bytes;
    let step = 0;
    while (value >= 1000 && step < units.length - 1) {
      value /= 1000;
      step += 1;
    }
    return new Intl.NumberFormat(this.language, {
      style: "unit",
      unit: units[step],
      unitDisplay: "short",
      maximumFractionDigits: value < 10 && step > 1 ? 1 : 0,
    }).format(value);
  }

  /**
   * Give a step in the reader's language: the engine names it in English.
   *
   * @param {string} phase
   * @param {string} message
   */
  step(phase, message) {
    const slug = message.toLowerCase().replace(/[^a-z]+/g, "-").replace(/^-|-$/g, "");
    const key = `step.${slug}`;
    return this.say(this.knows(key) ? key : `phase.${phase}`);
  }
}
