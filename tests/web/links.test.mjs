/** The twin gives the bytes, and the codes of refusal, that the Python builder gives. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { InvalidValueError, makeLink, parseLink } from "../../nbpull_links/web/nbpull.mjs";

/**
 * @typedef {{name: string, input: import("../../nbpull_links/web/nbpull.mjs").LinkInput, url?: string, error?: string}} Vector
 * @type {Vector[]}
 */
const vectors = JSON.parse(readFileSync(new URL("../vectors/links.json", import.meta.url), "utf-8"));

test("there are as many vectors as were promised", () => {
  assert.ok(vectors.length >= 150);
});

for (const { name, input, url, error } of vectors) {
  test(`vector ${name}`, () => {
    if (error === undefined) {
      assert.equal(makeLink(input), url);
      assert.equal(String(parseLink(url)), url);
    } else {
      assert.throws(
        () => makeLink(input),
        (/** @type {unknown} */ raised) => raised instanceof InvalidValueError && raised.code === error,
      );
    }
  });
}
