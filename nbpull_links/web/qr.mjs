/** A QR code as a picture. */
import encodeQR from "./vendor/qr.mjs";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 4; // modules of white around it, as ISO/IEC 18004 wants

/** The modules of a text's code, true for dark; null where the text is too long for any. @param {string} text */
export function qrModules(text) {
  // The more correction the better it is read from the back of a hall, and the less text fits in.
  for (const ecc of /** @type {const} */ (["medium", "low"])) {
    try {
      return encodeQR(text, "raw", { ecc, border: 0 });
    } catch {
      // Too long at this level.
    }
  }
  return null;
}

/** Draw modules as an SVG element, one path. @param {boolean[][]} modules @param {string} label */
export function qrPicture(modules, label) {
  const size = modules.length + 2 * MARGIN;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("xmlns", SVG);
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const white = document.createElementNS(SVG, "rect");
  white.setAttribute("width", String(size));
  white.setAttribute("height", String(size));
  white.setAttribute("fill", "#fff");
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("d", modules.map(drawRow).join(""));
  svg.append(white, dark);
  return svg;
}

/** Draw a row as one stroke for each run of dark modules. @param {boolean[]} row @param {number} y */
function drawRow(row, y) {
  let path = "";
  for (let x = 0; x < row.length; x += 1) {
    const start = x;
    while (row[x]) x += 1;
    if (x > start) path += `M${start + MARGIN} ${y + MARGIN}h${x - start}v1h-${x - start}z`;
  }
  return path;
}
