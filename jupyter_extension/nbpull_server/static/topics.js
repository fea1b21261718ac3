/** Which words and which ways on belong to an error's code. */

/** @import { Failure } from "./facts.js" */

/** @typedef {"retry" | "new-folder" | "moved" | "restore"} Action */

/**
 * By topic: the codes that are the same to the reader, and what can be done, the likeliest first.
 * "Continue without syncing" is always there.
 *
 * @type {Record<string, {codes: string[], actions: Action[]}>}
 */
export const TOPICS = {
  address: { codes: ["not-a-repository", "bad-address", "unsafe-repo", "protocol-unknown", "http-error", "dumb-server"], actions: [] },
  branch: { codes: ["ref-not-found", "commit-not-found", "no-such-folder"], actions: ["retry"] },
  cancelled: { codes: ["cancelled"], actions: ["retry"] },
  certificate: { codes: ["tls-wrong-host", "tls-expired", "tls-untrusted", "tls-failed", "ssh-host-unknown"], actions: ["retry"] },
  denied: { codes: ["repo-denied"], actions: [] },
  "disk-full": { codes: ["disk-full"], actions: ["retry"] },
  empty: { codes: ["empty-repository"], actions: ["retry"] },
  "file-missing": { codes: ["file-missing"], actions: [] },
  forbidden: { codes: ["no-permission"], actions: [] },
  git: { codes: ["git-failed", "git-missing", "config-broken", "peer", "ssh-missing"], actions: ["retry", "new-folder", "restore"] },
  interrupted: { codes: ["interrupted", "stalled"], actions: ["retry"] },
  landing: { codes: ["landing-elsewhere"], actions: [] },
  link: { codes: ["missing-repo", "unreadable-link", "control-character", "invalid-depth", "bad-targetpath", "unsafe-subdir", "branch-invalid"], actions: [] },
  locked: { codes: ["git-is-busy", "files-keep-changing"], actions: ["retry", "new-folder"] },
  login: { codes: ["login-needed", "forbidden"], actions: ["retry"] },
  "login-refused": { codes: ["login-refused", "ssh-key-refused"], actions: ["retry"] },
  moved: { codes: ["other-remote"], actions: ["new-folder", "moved"] },
  "not-found": { codes: ["not-found"], actions: ["retry"] },
  offline: { codes: ["unknown-host", "name-lookup-failed", "timed-out", "unreachable", "connection-refused"], actions: ["retry"] },
  outside: { codes: ["outside-root", "hidden-directory", "bare-repository", "not-yours"], actions: [] },
  permission: { codes: ["not-writable", "file-system", "unreadable-file"], actions: ["retry", "new-folder"] },
  place: { codes: ["not-a-directory"], actions: ["new-folder", "retry"] },
  protocol: { codes: ["protocol-not-allowed"], actions: [] },
  proxy: { codes: ["proxy-unknown-host", "proxy-login-needed", "proxy-refused", "proxy-unreachable"], actions: ["retry"] },
  "server-lost": { codes: ["server-lost"], actions: ["retry"] },
  "too-big": { codes: ["too-large"], actions: [] },
  "too-many": { codes: ["too-many-requests"], actions: ["retry"] },
  trouble: { codes: ["server-error", "lfs-failed"], actions: ["retry"] },
  unexpected: { codes: ["unexpected", "git-killed"], actions: ["retry", "new-folder", "restore"] },
  unsafe: { codes: ["unsafe-content"], actions: ["retry"] },
};

const TOPIC_OF = new Map(
  Object.entries(TOPICS).flatMap(([topic, { codes }]) => codes.map((code) => [code, topic])),
);

/**
 * Give an error's topic; one that nobody foresaw here still says what the server said of it.
 *
 * @param {Failure} failure
 */
export function topicOf(failure) {
  return TOPIC_OF.get(failure.code) ?? (failure.who === "network" ? "interrupted" : "git");
}
