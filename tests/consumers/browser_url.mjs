// What a browser asks for when `window.location` is set: [[page, landing], ...] to paths.
import { readFileSync } from "node:fs";

const pairs = JSON.parse(readFileSync(0, "utf8"));
console.log(
  JSON.stringify(
    pairs.map(([page, landing]) => {
      const url = new URL(landing, page);
      return url.pathname + url.search;
    }),
  ),
);
