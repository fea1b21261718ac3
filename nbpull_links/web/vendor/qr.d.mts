/** Give the modules of a QR code, true for dark, without a border; throws where the text is too long. */
export default function encodeQR(
  text: string,
  output: "raw",
  options?: { ecc?: "low" | "medium" | "quartile" | "high"; border?: number },
): boolean[][];
