/**
 * What the server tells the page, and the shapes of what it sends later.
 *
 * @typedef {{code: string, message: string, hint: string, who: string,
 *   context?: Record<string, unknown>}} Failure
 * @typedef {{path: string, url: string}} Suggestion
 * @typedef {{url: string, file: string | null, missing: boolean, instead_of: string | null,
 *   suggestions: Suggestion[], folder: string | null}} Landing
 * @typedef {{version: string, base: string, xsrf: string, language: string,
 *   messages: Record<string, string>, countdown: number, repo?: string, branch?: string | null,
 *   directory?: string, workspace?: string, decision: string | null, landing: Landing | null,
 *   error: Failure | null}} Facts
 * @typedef {{type: "progress", phase: string, message: string, done: number | null,
 *   total: number | null, bytes: number | null, speed: number | null}} Progress
 * @typedef {{path: string, outcome: string, moved_from?: string, set_aside_as?: string,
 *   hunks?: {line: number, ours: string, theirs: string}[],
 *   cells?: {action: string, id: string | null, first_line: string}[], reason?: string}} Outcome
 * @typedef {{type: "report", status: string, files: Outcome[],
 *   restore_point: string | null, notes?: string[]}} Report
 * @typedef {{type: "end", state: string, landing: Landing | null}} End
 * @typedef {{type: "log", message: string}} Log
 */

/**
 * Read the facts that the server wrote into the page.
 *
 * @param {HTMLElement} body
 * @returns {Facts}
 */
export function readFacts(body) {
  return JSON.parse(body.dataset.facts ?? "{}");
}
