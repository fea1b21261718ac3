/** Answer each line of JSON, a call of the twin, by a line of JSON: the link, or the refusal. */
import { createInterface } from "node:readline";

import * as twin from "../../nbpull_links/web/nbpull.mjs";

/** @type {Record<string, (...args: any[]) => unknown>} */
const calls = {
  build: (input) => whole(twin.buildLink(input)),
  badge: (url, markup, options) => twin.badge(url, markup, options),
  parse: (text) => whole(twin.parseLink(text)),
};

/** @param {twin.Link} link */
function whole(link) {
  return { url: String(link), ...link.toDict() };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call, args } = JSON.parse(line);
  /** @type {unknown} */
  let answer;
  try {
    answer = { value: calls[call](...args) };
  } catch (error) {
    if (!(error instanceof twin.NbpullError)) throw error;
    answer = { error: error.code, message: error.message, hint: error.hint };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
