/** Give the modules of a QR code, true for dark; throws where the text is too long. */
export default function encodeQR(
  text: string,
  output: "raw",
  options?: { ecc?: "low" | "medium" | "quartile" | "high"; border?: number /* at least 1 */ },
): boolean[][];
