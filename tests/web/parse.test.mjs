/** The twin reads links of the wild as the Python reader does: what they say, what was repaired, what is refused. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parseLink, UnreadableLinkError } from "../../nbpull_links/web/nbpull.mjs";

/** @type {{name: string, text: string, url?: string, link?: object, error?: string}[]} */
const vectors = JSON.parse(readFileSync(new URL("../vectors/parse.json", import.meta.url), "utf-8"));

for (const { name, text, url, link, error } of vectors) {
  test(`found ${name}`, () => {
    if (error === undefined) {
      const read = parseLink(text);
      assert.deepEqual(read.toDict(), link);
      assert.equal(String(read), url);
    } else {
      assert.throws(
        () => parseLink(text),
        (/** @type {unknown} */ raised) => raised instanceof UnreadableLinkError && raised.code === error,
      );
    }
  });
}
