/** A QR code as a picture. */
import encodeQR from "./vendor/qr.mjs";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 4; // modules of white around it, as ISO/IEC 18004 wants
// Bytes that fit into the largest code. The more correction, the better it is read from the back of a hall.
const CAPACITY = /** @type {const} */ ([["medium", 2331], ["low", 2953]]);

/**
 * The modules of a text's code, its margin included, true for dark; null where the text is too long.
 * @param {string} text
 */
export function qrModules(text) {
  const size = new TextEncoder().encode(text).length;
  const fitting = CAPACITY.find(([, capacity]) => size <= capacity);
  return fitting ? encodeQR(text, "raw", { ecc: fitting[0], border: MARGIN }) : null;
}

/** Draw modules as an SVG element, one path. @param {boolean[][]} modules @param {string} label */
export function qrPicture(modules, label) {
  const size = modules.length;
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
    if (x > start) path += `M${start} ${y}h${x - start}v1h-${x - start}z`;
  }
  return path;
}
