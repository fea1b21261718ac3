/** Small things that every part of the page does with the document. */

/** @param {string} id @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @typedef {object} Saying
 * @property {"error" | "warn" | "good"} level
 * @property {string} text
 * @property {string} hint
 * @property {{label: string, change: Record<string, string>}} [fix]
 */

/**
 * Say things beside a field, or nothing.
 * @param {string} field
 * @param {Saying[]} things
 * @param {(change: any) => void} [mend] Does what the button beside a thing offers.
 */
export function say(field, things, mend = () => {}) {
  const place = byId(`${field}-say`);
  const input = byId(field);
  const level = things.some((thing) => thing.level === "error") ? "error" : (things.at(-1)?.level ?? "");
  input.setAttribute("aria-invalid", String(level === "error"));
  input.dataset.level = level;
  // What is said already is not said again: a screen reader would repeat it at each key.
  const text = JSON.stringify(things);
  if (place.dataset.said === text) return;
  place.dataset.said = text;
  place.dataset.level = level;
  place.replaceChildren(...things.flatMap((thing) => sayOne(thing, mend)));
}

/** @param {Saying} thing @param {(change: any) => void} mend */
function sayOne({ level, text, hint, fix }, mend) {
  const words = document.createElement("p");
  words.dataset.level = level;
  words.textContent = `${text} ${hint}`.trim();
  if (!fix) return [words];
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = fix.label;
  button.addEventListener("click", () => mend(fix.change));
  return [words, button];
}

let fade = 0;

/** Say something for a moment at the foot of the page. @param {string} text */
export function toast(text) {
  byId("toast").textContent = text;
  window.clearTimeout(fade);
  fade = window.setTimeout(() => byId("toast").replaceChildren(), 2500);
}

/**
 * Put a text on the clipboard; where the browser does not allow it, select it for the reader to copy.
 * @param {string} text
 * @param {HTMLTextAreaElement | null} [shown]
 */
export async function copy(text, shown = null) {
  try {
    // Without a secure context there is no clipboard at all.
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    shown?.focus();
    shown?.select();
    toast(shown ? "Selected: copy it with Ctrl+C." : "Your browser does not let pages copy. Copy the address bar.");
  }
}
