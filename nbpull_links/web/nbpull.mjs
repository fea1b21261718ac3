/**
 * Links that bring a git repository into a Jupyter: the twin of the Python package `nbpull_links`.
 *
 * One file without dependencies, for browsers, Node and mystmd. It gives the same bytes and refuses with the same
 * codes as the Python builder; both run tests/vectors. Names of inputs are those of Python's `make_link`.
 *
 *     import { makeLink, parseLink } from "./nbpull.mjs";
 *     makeLink({ hub: "https://hub.example.org", content_repo: "https://github.com/org/course" });
 *
 * The sections, each on those above it:
 *
 *     errors · text · redaction · checks · URLs · apps · repositories · content · forge pages
 *     Binder environments · places · making a link
 */

// ── Errors ────────────────────────────────────────────────────────────────────────────────────────

/** The root of all errors raised on purpose: what happened, and in `hint` what to do about it. */
export class NbpullError extends Error {
  /**
   * @param {string} code A stable name in kebab case; programs decide by it.
   * @param {string} message What happened, one line, no credentials.
   * @param {string} [hint] What to do about it.
   * @param {string} [field] The value the message speaks of.
   */
  constructor(code, message, hint = "", field = "") {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
    this.field = field;
  }

  /** Message and remedy in one line. */
  toString() {
    return `${this.message} ${this.hint}`.trimEnd();
  }
}

/** A value was refused while a link was built. */
export class InvalidValueError extends NbpullError {}

/** A text could not be read as a link. */
export class UnreadableLinkError extends NbpullError {}

/**
 * What a reader or builder has to say about a link that it accepted.
 * @typedef {{code: string, message: string}} LinkWarning
 */

// ── Text ──────────────────────────────────────────────────────────────────────────────────────────

// What Python's \s matches; JavaScript's also takes U+FEFF and leaves out some controls.
const SPACE = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

/** @param {string} text @param {string} mark @returns {[before: string, mark: string, after: string]} */
function partition(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, "", ""] : [text.slice(0, at), mark, text.slice(at + mark.length)];
}

/** @param {string} text @param {string} mark @returns {[before: string, mark: string, after: string]} */
function rpartition(text, mark) {
  const at = text.lastIndexOf(mark);
  return at < 0 ? ["", "", text] : [text.slice(0, at), mark, text.slice(at + mark.length)];
}

/** @param {string} text @param {string} characters */
function trimEnd(text, characters) {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/** @param {string} text @param {string} characters */
function trimStart(text, characters) {
  let start = 0;
  while (start < text.length && characters.includes(text[start])) start += 1;
  return text.slice(start);
}

/** @param {string} text */
const trimSpaces = (text) => trimStart(trimEnd(text, " "), " ");

/** @param {string} text @param {string} tail */
const withoutTail = (text, tail) => (text.endsWith(tail) ? text.slice(0, -tail.length || undefined) : text);

/** @param {string} text @param {string} head */
const withoutHead = (text, head) => (text.startsWith(head) ? text.slice(head.length) : text);

/** The segments of a path that name something. @param {string} path */
const namesIn = (path) => path.split("/").filter((name) => name !== "" && name !== ".");

/** @param {string[]} one @param {string[]} other */
const sameNames = (one, other) => one.length === other.length && one.every((name, at) => name === other[at]);

/** The text as Python's `ascii()` writes it: quoted, one line, nothing a terminal would obey. @param {string} text */
function asciiForm(text) {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escapes = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"], ["\\", "\\\\"], [quote, `\\${quote}`]]);
  const escaped = Array.from(text, (character) => {
    const code = /** @type {number} */ (character.codePointAt(0));
    const hex = code.toString(16);
    if (escapes.has(character)) return escapes.get(character);
    if (code >= 0x20 && code < 0x7f) return character;
    if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
    return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
  });
  return quote + escaped.join("") + quote;
}

// ── Redaction: credentials reach no message ───────────────────────────────────────────────────────

const [COLON, SLASH, AT] = ["(?::|%(?:25)*3A)", "(?:/|%(?:25)*2F)", "(?:@|%(?:25)*40)"];
// Whatever stands between "://" and "@" in one authority, at any depth of percent-encoding. Greedy, because a
// password may itself hold an "@" that nobody escaped.
const USERINFO = new RegExp(
  `(${COLON}${SLASH}${SLASH})(?:(?!${SLASH}|[${SPACE}"'<>?#&]|%(?:25)*(?:3F|23|26))[^\\n])+(${AT})`,
  "giu",
);
const NAMED_SECRET = new RegExp(
  "((?:access_|private_|auth_|oauth_|id_|refresh_|job_)?token|password|passwd|secret|api_?key)" +
    `([${SPACE}]*(?:=|:|%(?:25)*3D|%(?:25)*3A)[${SPACE}]*)[^${SPACE}&"'#,;<>%]+`,
  "giu",
);
const HEADER = new RegExp(
  `(authorization[${SPACE}]*[:=][${SPACE}]*)(?:(?:basic|bearer|token)[${SPACE}]+)?[^${SPACE}"',;]+`,
  "giu",
);
const FORGE_TOKEN =
  /(?<![\p{L}\p{N}_])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[\p{L}\p{N}_]{16,}|gl[a-z]{2,6}-[A-Za-z0-9_.-]{16,})/gu;
const MASK = "***";

/** Replace every credential in a text by `***`, also those in percent-encoded URLs. @param {string} text */
export function redact(text) {
  return text
    .replace(USERINFO, (found, before, at, offset) => {
      const user = found.slice(before.length, found.length - at.length);
      const ssh = /ssh:\/\/\n?$/iu.test(text.slice(0, offset + before.length));
      // ssh://git@host names an account and holds no secret.
      return ssh && !new RegExp(COLON, "iu").test(user) ? found : before + MASK + at;
    })
    .replace(HEADER, `$1${MASK}`)
    .replace(NAMED_SECRET, `$1$2${MASK}`)
    .replace(FORGE_TOKEN, MASK);
}

// ── Checks: what every text in a link must satisfy ────────────────────────────────────────────────

// Web servers strip these from both ends of a parameter, so the value would arrive as another one.
const EDGE_SPACE = /^[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;
const CONTROL_BUT_NEWLINES = /[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]/;
const HALF_CHARACTER = /[\ud800-\udfff]/u;

/** A value as it may appear in a message: no credentials, one line, not too long. @param {string} value */
function shown(value, limit = 80) {
  const characters = Array.from(redact(value));
  const text = characters.length <= limit ? characters.join("") : `${characters.slice(0, limit - 1).join("")}…`;
  return CONTROL.test(text) || HALF_CHARACTER.test(text) ? asciiForm(text) : `'${text}'`;
}

/** What Python calls the type of a JSON value. @param {unknown} value */
function typeName(value) {
  if (value === null || value === undefined) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  return Array.isArray(value) ? "list" : "dict";
}

/** A JSON value as Python writes it. @param {unknown} value */
const pythonText = (value) => (typeof value === "boolean" ? (value ? "True" : "False") : String(value));

/**
 * Check that a value is a text that survives the way into a URL and out of it.
 * @param {unknown} value
 * @param {string} what What it is, for the message.
 * @param {boolean} [newlines] Whether line ends may occur: only in a file name, which is encoded twice.
 */
function checkText(value, what, newlines = false) {
  if (typeof value !== "string") {
    throw new InvalidValueError("wrong-type", `${what} must be a text, not ${typeName(value)}.`, "", what);
  }
  if ((newlines ? CONTROL_BUT_NEWLINES : CONTROL).test(value)) {
    throw new InvalidValueError(
      "control-character", `${what} holds a control character: ${shown(value)}.`,
      "Remove it; it often comes along when text is copied.", what,
    );
  }
  if (HALF_CHARACTER.test(value)) {
    throw new InvalidValueError(
      "not-unicode", `${what} holds half a character, which no URL can carry: ${shown(value)}.`,
      "Type the text anew.", what,
    );
  }
  return value;
}

/** Check a text that is a parameter of its own; plain spaces around it are dropped. @param {unknown} value @param {string} what */
function checkValue(value, what) {
  const text = trimSpaces(checkText(value, what));
  if (EDGE_SPACE.test(text)) {
    throw new InvalidValueError(
      "edge-space", `${what} begins or ends with an invisible space: ${shown(text)}.`, "Remove it.", what,
    );
  }
  return text;
}

// ── URLs ──────────────────────────────────────────────────────────────────────────────────────────

/** Percent-encode all but RFC 3986's unreserved characters; a space becomes %20. @param {string} text */
function encode(text) {
  return encodeURIComponent(text).replace(
    /[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Percent-encode each segment of a path. @param {string} path */
const encodePath = (path) => path.split("/").map(encode).join("/");

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Undo one layer of percent-encoding; a stray % stays, bytes that are no UTF-8 become U+FFFD. @param {string} text @param {{plus?: boolean}} [options] */
function decode(text, { plus = false } = {}) {
  const spaced = plus ? text.replaceAll("+", " ") : text;
  return spaced.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    UTF8.decode(Uint8Array.from(run.slice(1).split("%"), (byte) => Number.parseInt(byte, 16))),
  );
}

/**
 * A URL in pieces; path, query and fragment as they stand in it, nothing decoded.
 * @typedef {object} Url
 * @property {string} scheme
 * @property {string} host
 * @property {number | null} port
 * @property {string} path
 * @property {string | null} query
 * @property {string | null} fragment
 * @property {string | null} user
 * @property {boolean} password
 * @property {string} origin Scheme, host and port; never a user.
 */

// RFC 3986, appendix B, with the scheme required.
const URL_PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#([^]*))?$/;
const HOST = new RegExp(`^(?![-.])(?:[A-Za-z0-9_-]|[^\\x00-\\xa0${SPACE}]|(?<!\\.)\\.)+$`, "u");
/** @type {Record<string, number>} */
const DEFAULT_PORTS = { http: 80, https: 443 };

/** @param {string} text @param {string} what @returns {Url} */
function splitUrl(text, what = "The URL") {
  const match = URL_PARTS.exec(text);
  if (match === null) throw notAUrl(text, what, "it has no scheme such as https://");
  const scheme = match[1].toLowerCase();
  const [userinfo, at, hostPort] = rpartition(match[2], "@");
  const authority = scheme === "file" && !hostPort ? { host: "", port: null } : readAuthority(hostPort);
  if (authority === null) throw notAUrl(text, what, "its host or port cannot be");
  const { host } = authority;
  const port = authority.port === DEFAULT_PORTS[scheme] ? null : authority.port;
  const [user, colon] = partition(userinfo, ":");
  return {
    scheme, host, port, path: match[3], query: match[4] ?? null, fragment: match[5] ?? null,
    user: at ? user : null, password: Boolean(colon),
    origin: `${scheme}://${host}${port ? `:${port}` : ""}`,
  };
}

/** @param {string} text @param {string} what @param {string} why */
function notAUrl(text, what, why) {
  return new InvalidValueError(
    "not-a-url", `${what} ${shown(text)} is no URL: ${why}.`, "Copy it from the browser's address bar.", what,
  );
}

/** Read host and port; a host's ASCII letters become lower case. @param {string} hostPort @returns {{host: string, port: number | null} | null} */
function readAuthority(hostPort) {
  const [, host, digits] = /** @type {RegExpExecArray} */ (/^([^]*?)(?::([0-9]*))?$/.exec(hostPort));
  const port = digits ? Number(digits) : null;
  const known = host.startsWith("[") ? isIPv6(host) : HOST.test(host) && isHost(host);
  if (!known || port === 0 || (port ?? 0) > 65535) return null;
  return { host: host.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()), port };
}

/** @param {string} host */
const isIPv6 = (host) => /^\[[0-9A-Fa-f:.]+\]$/.test(host) && canParse(`http://${host}/`);

/** Refuse a punycode that cannot be, and letters that a browser would read as an end of the host. @param {string} host */
function isHost(host) {
  if (host.toLowerCase().startsWith("xn--") && !canParse(`http://${host}/`)) return false;
  return !/[/?#@:]/.test(host.normalize("NFKC"));
}

/** @param {string} text */
function canParse(text) {
  try {
    return Boolean(new URL(text));
  } catch {
    return false;
  }
}

/** Make a path fit for a URL: illegal characters encoded, no empty or "." segments. @param {string} path */
function cleanPath(path) {
  const legal = path.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/%-]/gu, encode);
  return namesIn(legal).map((name) => `/${name}`).join("");
}

/** @param {string} text @param {string} what */
function credentialsError(text, what) {
  return new InvalidValueError(
    "credentials-in-url",
    `${what} ${shown(text)} holds credentials, which everybody who sees the link could use.`,
    "Take them out; let a git credential helper or a deploy key on the server supply them.", what,
  );
}

/** Refuse a URL that carries a user or a password; an ssh account is no secret. @param {Url} url @param {string} text @param {string} what */
function refuseCredentials(url, text, what) {
  if (url.password || (url.user !== null && url.scheme !== "ssh")) throw credentialsError(text, what);
}

/** @param {string} text @param {string} what */
function dotsError(text, what) {
  return new InvalidValueError(
    "dots-in-path", `${what} ${shown(text)} holds '..'.`, "Write the path that is meant.", what,
  );
}

/** Read the address of a hub, a BinderHub or a server. @param {unknown} value @param {string} what @returns {Url} */
function readBase(value, what) {
  const text = checkValue(value, what);
  const url = splitUrl(text, what);
  if (!(url.scheme in DEFAULT_PORTS)) {
    throw new InvalidValueError(
      "unsupported-scheme", `${what} ${shown(text)} must begin with https:// or http://.`,
      "Copy it from the browser's address bar.", what,
    );
  }
  refuseCredentials(url, text, what);
  const path = cleanPath(url.path);
  if (path.split("/").includes("..")) throw dotsError(text, what);
  return { ...url, path };
}

// ── Apps: which path opens what in which application ──────────────────────────────────────────────

/**
 * One application: the path that opens it, and the prefixes before a notebook, another file and a directory.
 * @typedef {object} App
 * @property {string} name
 * @property {string} root
 * @property {string} [notebook]
 * @property {string} [file] Without it, the file's directory is opened.
 * @property {string} [directory] Without it, the application opens only itself.
 * @property {boolean} [slash] Whether a directory's path ends with a slash.
 * @property {string[]} [also] Further prefixes before a path, known when reading.
 * @property {string[]} [bare] Further paths that open only the application, known when reading.
 */

/** @type {Map<string, App>} */
export const APPS = new Map(
  /** @type {App[]} */ ([
    { name: "lab", root: "lab", notebook: "lab/tree/", file: "lab/tree/", directory: "lab/tree/", also: ["doc/tree/"] },
    {
      name: "notebook", root: "tree", notebook: "notebooks/", file: "edit/", directory: "tree/",
      also: ["consoles/", "view/"],
    },
    {
      name: "classic", root: "nbclassic/tree", notebook: "nbclassic/notebooks/", file: "nbclassic/edit/",
      directory: "nbclassic/tree/", bare: ["nbclassic/"],
    },
    {
      name: "retro", root: "retro/tree", notebook: "retro/notebooks/", file: "retro/edit/",
      directory: "retro/tree/", bare: ["retro/"],
    },
    { name: "rstudio", root: "rstudio/" },
    { name: "shiny", root: "shiny/", directory: "shiny/", slash: true },
    { name: "vscode", root: "vscode/", bare: ["code-server/", "codeserver/"] },
    { name: "voila", root: "voila", notebook: "voila/render/", file: "voila/render/", directory: "voila/tree/" },
    { name: "desktop", root: "desktop/" },
  ]).map((app) => [app.name, app]),
);

// Names that other link makers and people use.
const ALIASES = new Map([["jupyterlab", "lab"], ["retrolab", "retro"], ["nbclassic", "classic"], ["code", "vscode"]]);

/** Find an application by name, in any case. @param {string} name @returns {App} */
export function findApp(name) {
  const low = name.toLowerCase();
  const app = APPS.get(ALIASES.get(low) ?? low);
  if (app === undefined) {
    throw new InvalidValueError(
      "unknown-app", `there is no application ${shown(name)}.`,
      `Use one of ${[...APPS.keys()].join(", ")}, or urlpath for any other.`, "app",
    );
  }
  return app;
}

/** Tell whether a path means a directory: a slash at its end, or a last name without a dot after its first character. @param {string} path */
const isDirectory = (path) => !rpartition(path, "/")[2].slice(1).includes(".");

/** Give the percent-encoded path under which an app opens a path of a clone. @param {App} app @param {string | null} directory @param {string | null} path */
function buildUrlpath(app, directory, path) {
  if (!app.directory) return app.root;
  const opened = path && !app.file && !isDirectory(path) ? rpartition(path, "/")[0] : path;
  const place = [directory, opened].filter(Boolean).join("/");
  if (!place) return app.root;
  if (!opened || isDirectory(opened)) {
    return app.directory + encodePath(app.slash ? `${trimEnd(place, "/")}/` : place);
  }
  return (opened.toLowerCase().endsWith(".ipynb") ? app.notebook : app.file) + encodePath(place);
}

/** Every prefix, the longest first, with whether a path may follow it. @type {[prefix: string, app: App, beforePath: boolean][]} */
const PREFIXES = [];
for (const app of APPS.values()) {
  const bare = [app.root, ...(app.bare ?? [])].map((root) => `${trimEnd(root, "/")}/`);
  const beforePath = [app.notebook, app.file, app.directory, ...(app.also ?? [])].filter((prefix) => prefix !== undefined);
  for (const prefix of new Set([...bare, ...beforePath])) PREFIXES.push([prefix, app, beforePath.includes(prefix)]);
}
PREFIXES.sort((one, other) => other[0].length - one[0].length);

/**
 * Read a path in the server back into an application and a path in the repository.
 * @param {string} urlpath The path as the server gets it: decoded once from the link.
 * @param {string | null} directory The clone's directory.
 * @returns {{app: string | null, path: string | null, elsewhere: string | null}}
 */
function readUrlpath(urlpath, directory) {
  const bare = trimStart(urlpath, "/").split(/[?#]/)[0].replace(/(lab|doc)\/workspaces\/[^/]+\/(?=tree\/|\n?$)/g, "$1/");
  const [app, rest] = matchPrefix(bare);
  if (!app?.directory) return { app: app?.name ?? null, path: null, elsewhere: null };
  const names = namesIn(rest).map((name) => decode(name));
  const root = directory ? directory.split("/") : [];
  const path = names.slice(root.length).join("/");
  if (names.length > 0 && !sameNames(names.slice(0, root.length), root)) {
    return { app: app.name, path: null, elsewhere: names.slice(0, root.length).join("/") };
  }
  return { app: app.name, path: path ? path + (rest.endsWith("/") ? "/" : "") : null, elsewhere: null };
}

/** @param {string} urlpath @returns {[App | null, string]} */
function matchPrefix(urlpath) {
  for (const [prefix, app, beforePath] of PREFIXES) {
    if (urlpath.startsWith(prefix)) return [app, beforePath ? urlpath.slice(prefix.length) : ""];
    if (urlpath === prefix.slice(0, -1)) return [app, ""];
  }
  return [null, ""];
}

// ── Repositories ──────────────────────────────────────────────────────────────────────────────────

const SCHEMES = ["https", "http", "ssh", "git", "file"];
const SCP = new RegExp(`^([A-Za-z0-9_][A-Za-z0-9_.-]*)@([^/:@${SPACE}]+):([^\\n]+)$`);
// What git would read as a host called "git" and the path "secret@host:path".
const SCP_SECRET = new RegExp(`^[^/@${SPACE}]*:[^/@${SPACE}]*@[^\\n]*$`);
const SSH_USER = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const NOT_IN_URL = new RegExp(`[${SPACE}<>"{}|\\\\^\`]`);
const REPO = "The repository";

/** The directory a clone gets when the link names none: the last segment, verbatim, `.git` too. @param {string} url */
const cloneDirectory = (url) => /** @type {string} */ (trimEnd(url, "/").split("/").at(-1));

/** Check and normalise a repository's address. @param {unknown} value @returns {string} */
export function repoUrl(value) {
  const text = checkValue(value, REPO);
  if (!text.includes("://") && SCP_SECRET.test(text)) throw credentialsError(text, REPO);
  const scp = text.includes("://") ? null : SCP.exec(text);
  const clean = scp ? cleanScp(scp, text) : cleanUrl(text);
  if (["", ".", "..", ".git"].includes(cloneDirectory(clean))) throw noRepository(text);
  return clean;
}

/** @param {string} text */
function noRepository(text) {
  return new InvalidValueError(
    "no-repository", `The repository ${shown(text)} names a place but no repository in it.`,
    "Give the address that git clone takes, such as https://github.com/org/repo.", REPO,
  );
}

/** @param {RegExpExecArray} scp @param {string} text */
function cleanScp([, user, host, path], text) {
  // A host or path that begins with a dash would reach ssh as an option.
  splitUrl(`ssh://${host}/`, REPO);
  if (path.startsWith("-") || path.split("/").includes("..")) throw noRepository(text);
  return `${user}@${host.toLowerCase()}:${trimEnd(path, "/")}`;
}

/** @param {string} text */
function cleanUrl(text) {
  if (!text.includes("://") && /^[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:[0-9]+)?\//.test(text)) {
    throw new InvalidValueError(
      "not-a-url", `The repository ${shown(text)} has no scheme.`, `Did you mean ${shown(`https://${text}`)}?`, REPO,
    );
  }
  const url = splitUrl(text, REPO);
  if (!SCHEMES.includes(url.scheme)) {
    throw new InvalidValueError(
      "unsupported-scheme", `The repository ${shown(text)} has the scheme '${url.scheme}'.`,
      `Use one of ${SCHEMES.join(", ")} or git@host:path.`, REPO,
    );
  }
  refuseCredentials(url, text, REPO);
  let path = trimEnd(partition(text, "://")[2], "/");
  let clean = `file://${path}`;
  if (url.scheme !== "file") {
    checkRemote(url, text);
    path = trimEnd(url.path, "/");
    clean = `${url.scheme}://${url.user ? `${url.user}@` : ""}${partition(url.origin, "://")[2]}${path}`;
  }
  if (!path.includes("/")) throw noRepository(text);
  if (path.split("/").includes("..")) throw dotsError(text, REPO);
  return clean;
}

/** Refuse what a remote address cannot hold. @param {Url} url @param {string} text */
function checkRemote(url, text) {
  if (NOT_IN_URL.test(url.path) || (url.user && !SSH_USER.test(url.user))) {
    throw new InvalidValueError(
      "not-a-url", `The repository ${shown(text)} holds characters that no URL can hold.`,
      "Replace placeholders; write a space as %20.", REPO,
    );
  }
  if (url.query !== null || url.fragment !== null) {
    throw new InvalidValueError(
      "query-in-repo", `The repository ${shown(text)} goes on after '?' or '#'.`,
      "Give the address that git clone takes.", REPO,
    );
  }
}

// ── Content: what a link pulls and what it opens ──────────────────────────────────────────────────

/**
 * `app` and `path` say the same as `urlpath`; the value holds all three as far as they can be told.
 * @typedef {object} Content
 * @property {string | null} repo
 * @property {string | null} branch
 * @property {string | null} path
 * @property {string | null} app
 * @property {string | null} urlpath
 * @property {string | null} targetpath
 * @property {number | null} depth
 */

// git's own rules for a name (git-check-ref-format), in one pattern of what breaks them.
const NOT_IN_REF = /[ ~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|\/\.|[/.]$|\.lock(?=\/|$)|^@$/;
const SHA = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const SECRET = /[?&](?:token|access_token|password|_xsrf)=/iu;
const MAX_DEPTH = 2 ** 31 - 1; // what git itself takes for "all of it"

/** Tell whether a ref is a full commit id, which nbgitpuller refuses to pull. @param {string | null} ref */
export const isCommit = (ref) => Boolean(ref && SHA.test(ref.toLowerCase()));

/** Check the values of a content and fill in what follows from the others. @param {Record<string, unknown>} given @returns {Content} */
function makeContent(given) {
  const repo = given.repo === null ? null : repoUrl(given.repo);
  const branch = given.branch ? checkBranch(given.branch) : null;
  const targetpath = given.targetpath ? checkTargetpath(given.targetpath) : null;
  const depth = given.depth === null || given.depth === undefined ? null : checkDepth(given.depth);
  if (repo === null && (branch || targetpath || depth !== null)) {
    throw new InvalidValueError(
      "no-content-repo", "A branch, a target path or a depth was given, but no content repository.",
      "Give content_repo as well.", "content_repo",
    );
  }
  const directory = targetpath ?? (repo === null ? null : cloneDirectory(repo));
  return { repo, branch, ...makeLanding(given, directory), targetpath, depth };
}

/**
 * Work out app, path and urlpath from those that were given.
 * @param {Record<string, unknown>} given
 * @param {string | null} directory The clone's.
 * @returns {Pick<Content, "app" | "path" | "urlpath">}
 */
function makeLanding(given, directory) {
  const app = given.app ? findApp(checkValue(given.app, "The application")) : null;
  const path = given.path ? checkPath(given.path) : null;
  if (!given.urlpath && !app && !path) return { app: null, path: null, urlpath: null };
  const urlpath = given.urlpath ? checkUrlpath(given.urlpath) : buildUrlpath(app ?? findApp("lab"), directory, path);
  const seen = readUrlpath(urlpath, directory);
  if (given.urlpath && ((app && app.name !== seen.app) || (path && path !== seen.path))) {
    throw new InvalidValueError(
      "urlpath-and-path", `urlpath ${shown(urlpath)} opens something else than app and path.`,
      "Give urlpath alone, or app and path.", "urlpath",
    );
  }
  return { app: seen.app, path: seen.path && isPath(seen.path) ? seen.path : null, urlpath };
}

/** Check a branch or tag by git's own rules. @param {unknown} value @param {string} [what] */
function checkBranch(value, what = "The branch") {
  const branch = checkValue(value, what);
  if (!branch || NOT_IN_REF.test(branch)) {
    throw new InvalidValueError(
      "branch-invalid", `${what} ${shown(branch)} is no name that git allows.`,
      "Give the name of a branch or tag as git shows it.", what,
    );
  }
  return branch;
}

/** @param {unknown} value */
function checkTargetpath(value) {
  const text = checkValue(value, "The target path");
  const names = namesIn(text);
  if (/^[/\\~]/.test(text) || text.split(/[/\\]/).includes("..") || names.length === 0) {
    throw new InvalidValueError(
      "targetpath-outside", `The target path ${shown(text)} does not stay inside the server's root.`,
      "Give a relative directory without '..', such as courses/stats.", "targetpath",
    );
  }
  return names.join("/");
}

/** @param {unknown} value @returns {number} */
function checkDepth(value) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > MAX_DEPTH) {
    throw new InvalidValueError(
      "depth-invalid", `The depth ${shown(pythonText(value))} is no number of commits.`,
      "Give a whole number; 0 fetches the whole history.", "depth",
    );
  }
  return value;
}

/** Check a path in the repository; a leading slash is the repository's root. @param {unknown} value @returns {string | null} */
function checkPath(value) {
  const text = checkText(value, "The path", true);
  const names = namesIn(text);
  if (names.includes("..")) {
    throw new InvalidValueError(
      "path-outside", `The path ${shown(text)} leaves the repository.`,
      "Give the path from the repository's root, without '..'.", "path",
    );
  }
  return names.length > 0 ? names.join("/") + (text.endsWith("/") ? "/" : "") : null;
}

/** Tell whether a path that was read could also have been given. @param {string} path */
function isPath(path) {
  try {
    return checkPath(path) === path;
  } catch {
    return false;
  }
}

/** @param {unknown} value */
function checkUrlpath(value) {
  // One leading slash is a habit, and harmless once it is gone. What then still looks like the start of another site
  // to any reader of URLs, which skip spaces and take \ for /, is not.
  const text = withoutHead(checkValue(value, "The urlpath"), "/");
  const hint = "Give the path after the server's address, such as lab/tree/repo/index.ipynb.";
  if (/^(?:[A-Za-z][A-Za-z0-9+.-]*:|[/\\ ])/.test(text)) {
    throw new InvalidValueError("urlpath-absolute", `The urlpath ${shown(text)} leads to another site.`, hint, "urlpath");
  }
  if (decode(text.split(/[?#]/)[0]).split(/[/\\]/).includes("..")) {
    throw new InvalidValueError("urlpath-outside", `The urlpath ${shown(text)} leaves the server with '..'.`, hint, "urlpath");
  }
  if (SECRET.test(text)) {
    throw new InvalidValueError(
      "credentials-in-url",
      `The urlpath ${shown(text)} holds a token, which everybody who sees it could use.`,
      "Take it out; the hub or server asks for it where it is needed.", "urlpath",
    );
  }
  return text;
}

/** The path and query that pull this content, relative to the server's root. @param {Content} content */
function pullPath(content) {
  if (content.repo === null) throw noContentRepo();
  const { repo, branch, urlpath, targetpath, depth } = content;
  const pairs = Object.entries({ repo, branch, urlpath, targetpath, depth }).filter(([, value]) => value !== null);
  return `git-pull?${pairs.map(([name, value]) => `${name}=${encode(String(value))}`).join("&")}`;
}

function noContentRepo() {
  return new InvalidValueError(
    "no-content-repo", "There is no content repository to pull.",
    "Give content_repo; only on Binder can the env repo hold the content.", "content_repo",
  );
}

// ── Forge pages: which repository, ref and path a pasted address shows ────────────────────────────

/**
 * What a pasted address shows; a directory's path has a slash at its end.
 * @typedef {{repo: string, ref: string | null, path: string | null, warnings: LinkWarning[]}} RepoPage
 */

const GITHUB = "https://github.com";
const TWO = "(?<repo>[^/]+/[^/]+)";
const REST = "(?<rest>.+)";
const GITHUB_HOSTS = "(?:www\\.)?github\\.(?:com|dev)";
const GIT_WORDS = "(?<word>blob|edit|raw|blame|tree|commits?)";
// Which pages there are: the host (any if empty), the path without its outer slashes, and the site of the repository
// where it is another one. The word in the path says how to read the rest.
const PAGES = [
  ["nbviewer\\.(?:jupyter\\.)?org|colab\\.research\\.google\\.com", `github/${TWO}/(?<word>blob|tree)/${REST}`, GITHUB],
  ["(?<word>raw)\\.githubusercontent\\.com", `${TWO}/(?<rest>[^/]+/.+)`, GITHUB],
  ["gist\\.github\\.com", `${TWO}/.+`, ""],
  ["", `(?<repo>.+?)/-/(?<word>blob|edit|raw|blame|tree|commits?|tags)/${REST}`, ""],
  ["", "(?<repo>[^/]+/.+?)/-(?:/.*)?", ""],
  ["bitbucket\\.org", `${TWO}/(?<word>src|raw|branch)/${REST}`, ""],
  ["bitbucket\\.org", `${TWO}/(?<word>commit)s/${REST}`, ""],
  ["bitbucket\\.org", `${TWO}/.+`, ""],
  ["", `${TWO}/(?<word>src|raw|media|commits)/(?:branch|tag|commit)/${REST}`, ""],
  [GITHUB_HOSTS, `${TWO}/releases/(?<word>tag)/${REST}`, GITHUB],
  [GITHUB_HOSTS, `${TWO}/${GIT_WORDS}/${REST}`, GITHUB],
  [GITHUB_HOSTS, `${TWO}/.+`, GITHUB],
  ["www\\.github\\.com|github\\.dev", TWO, GITHUB],
  ["", `${TWO}/${GIT_WORDS}/${REST}`, ""],
].map(([host, path, site]) => ({ host: host && new RegExp(`^(?:${host})$`), path: new RegExp(`^${path}$`, "s"), site }));
const FILE_WORDS = ["blob", "edit", "raw", "blame"];
const MIXED_WORDS = ["src", "media"]; // the address does not tell a file from a directory
const ONE_REF_WORDS = ["commit", "tag", "tags", "branch"]; // all that follows is the ref
// Names after which no further segment can belong to the ref.
const SURE_REF = /^(?:main|master|HEAD|trunk|develop|gh-pages|v?[0-9]+(?:\.[0-9]+)*)$/;

/**
 * Read a repository's address or a forge page of it.
 * @param {unknown} text What was pasted.
 * @param {string | null} [ref] The branch that is meant, if known; tells where a ref with slashes ends.
 * @returns {RepoPage}
 */
export function readPage(text, ref = null) {
  const value = checkValue(text, REPO);
  const plain = { ref: null, path: null, warnings: [] };
  if (!/^https?:\/\//iu.test(value)) return { ...plain, repo: repoUrl(value) };
  const url = splitUrl(value, REPO);
  refuseCredentials(url, value, REPO);
  const page = recognisePage(url);
  if (page === null && url.query === null && url.fragment === null) return { ...plain, repo: repoUrl(value) };
  const repo = repoUrl(page ? `${page.site}/${page.repo}` : url.origin + url.path);
  const said = { code: "forge-page", message: `${shown(value)} is a page; its repository is ${repo}.` };
  if (!page?.rest) return { ...plain, repo, warnings: [said] };
  const split = splitRef(page.word, page.rest, ref);
  return { repo, ref: split.ref, path: split.path, warnings: [said, ...split.doubt] };
}

/** Find the kind of page: repo, word and rest, and the site of the repository. @param {Url} url */
function recognisePage(url) {
  const whole = url.path.split("/").filter(Boolean).join("/");
  for (const { host, path, site } of PAGES) {
    const at = host ? host.exec(url.host) : { groups: {} };
    const match = at && path.exec(whole);
    if (match) {
      const { repo = "", word = "", rest = "" } = { ...at.groups, ...match.groups };
      return { repo, word, rest, site: site || url.origin };
    }
  }
  return null;
}

/** Tell where in `ref/path` the ref ends: by the known ref, else after the first segment. @param {string} word @param {string} rest @param {string | null} known */
function splitRef(word, rest, known) {
  const names = rest.replace(/^refs\/(?:heads|tags)\/(?=[^])/, "").split("/").map((name) => decode(name));
  const mayBeFile = MIXED_WORDS.includes(word) && names.length > 1 && !isDirectory(names[names.length - 1]);
  const isFile = FILE_WORDS.includes(word) || mayBeFile;
  const wanted = known ? known.split("/") : [];
  /** @type {LinkWarning[]} */
  const doubt = [];
  let size = 1;
  if (ONE_REF_WORDS.includes(word)) {
    size = names.length;
  } else if (known && sameNames(names.slice(0, wanted.length), wanted)) {
    size = wanted.length;
  } else if (names.length > (isFile ? 2 : 1) && !(SURE_REF.test(names[0]) || isCommit(names[0]))) {
    doubt.push({
      code: "ambiguous-ref",
      message: `${shown(names.join("/"))} can be split into branch and path in several ways; taken: branch ` +
        `${shown(names[0])}. If the branch's name has a slash, give the branch.`,
    });
  }
  const path = names.slice(size).join("/");
  return { ref: names.slice(0, size).join("/"), path: path ? path + (isFile ? "" : "/") : null, doubt };
}

// ── Binder environments: the spec in BinderHub's URL ──────────────────────────────────────────────

/**
 * The repository that Binder builds; `spec` is what stands after `/v2/<provider>/`.
 * @typedef {{provider: string, repo: string, spec: string, ref: string | null}} BinderEnv
 */

const WITH_REF = ["gh", "gl", "git", "gist"];
const ARCHIVES = ["zenodo", "figshare", "dataverse"];
export const PROVIDERS = [...WITH_REF, ...ARCHIVES, "hydroshare", "ckan"];
const ENV_REPO = "The env repo";

const SLUG = "[A-Za-z0-9_.-]+";
/** @type {Record<string, RegExp>} */
const ENV_FORMS = {
  gh: new RegExp(`^(?:https?://github\\.com/|git@github\\.com:)?(${SLUG}/${SLUG}?)(?:\\.git)?$`),
  gl: new RegExp(`^(?:https?://gitlab\\.com/|git@gitlab\\.com:)?(${SLUG}(?:/${SLUG})*/${SLUG}?)(?:\\.git)?$`),
  gist: new RegExp(`^(?:https?://gist\\.github\\.com/)?(${SLUG}/[0-9a-f]+?)(?:\\.git)?$`),
};
/** @type {Record<string, string>} */
const FORGES = { gh: "https://github.com/", gl: "https://gitlab.com/", gist: "https://gist.github.com/" };
const DOI = new RegExp(`^(?:https?://(?:dx\\.)?doi\\.org/|doi:)?(10\\.[0-9]+/[^${SPACE}?#]+)$`, "iu");
const ZENODO_RECORD = /^https?:\/\/(?:www\.)?zenodo\.org\/records?\/([0-9]+)\/?$/;
const WORD_START = "(?<![\\p{L}\\p{N}_])";
/** @type {[provider: string, pattern: RegExp][]} */
const GUESSES = [
  ["gist", /^https?:\/\/gist\.github\.com\//],
  ["gh", /^(?:https?:\/\/github\.com\/|git@github\.com:)/],
  ["gl", /^(?:https?:\/\/gitlab\.com\/|git@gitlab\.com:)/],
  ["hydroshare", /^[^\n]*(?:hydroshare\.org\/resource\/|10\.4211\/hs\.)/iu],
  ["zenodo", /^(?:https?:\/\/(?:www\.)?zenodo\.org\/|[^\n]*10\.5281\/zenodo\.)/iu],
  ["figshare", new RegExp(`^[^\\n]*${WORD_START}10\\.6084/m9\\.figshare\\.`, "iu")],
  ["dataverse", new RegExp(`^[^\\n]*${WORD_START}10\\.7910/DVN/`, "iu")],
];

/** Tell the provider by the repository's address; any other git address is `git`. @param {string} repo */
export function guessProvider(repo) {
  const guess = GUESSES.find(([, pattern]) => pattern.test(repo));
  if (guess) return guess[0];
  if (DOI.test(repo)) {
    throw new InvalidValueError(
      "unknown-provider", `${shown(repo)} does not tell which archive it belongs to.`,
      `Give the provider: ${ARCHIVES.join(", ")} or hydroshare.`, "provider",
    );
  }
  return "git";
}

/** Check and normalise what Binder builds. @param {string} named @param {unknown} address @param {unknown} [branch] @returns {BinderEnv} */
export function binderEnv(named, address, branch = null) {
  const given = checkValue(address, ENV_REPO);
  const provider = named || guessProvider(given);
  if (!PROVIDERS.includes(provider)) {
    throw new InvalidValueError(
      "unknown-provider", `BinderHub has no provider ${shown(provider)}.`, `Use one of ${PROVIDERS.join(", ")}.`,
      "provider",
    );
  }
  const repo = cleanEnvRepo(provider, given);
  const ref = checkEnvRef(provider, branch);
  const spec = envSpec(provider, repo) + (ref === null ? "" : `/${encodePath(ref)}`);
  return { provider, repo, spec, ref };
}

/** @param {string} provider @param {string} repo */
function envSpec(provider, repo) {
  if (provider === "gh" || provider === "gist") return withoutHead(repo, FORGES[provider]);
  if (provider === "gl") return encode(withoutHead(repo, FORGES.gl));
  return ARCHIVES.includes(provider) ? encodePath(repo) : encode(repo);
}

/** @param {string} provider @param {string} repo @param {string} wanted */
function invalidEnv(provider, repo, wanted) {
  return new InvalidValueError(
    "env-repo-invalid", `${shown(repo)} is no repository for Binder's provider ${provider}.`, `Give ${wanted}.`,
    "env_repo",
  );
}

/** Give the one form of an env repo that means it for its provider. @param {string} provider @param {string} repo @returns {string} */
function cleanEnvRepo(provider, repo) {
  if (Object.hasOwn(ENV_FORMS, provider)) {
    if (repo.includes("://")) refuseCredentials(splitUrl(repo, ENV_REPO), repo, ENV_REPO);
    const match = ENV_FORMS[provider].exec(trimEnd(repo, "/"));
    if (match === null || match[1].split("/").some((name) => name === "." || name === "..")) {
      throw invalidEnv(provider, repo, `an address such as ${FORGES[provider]}org/repo`);
    }
    return FORGES[provider] + match[1];
  }
  if (provider === "git") {
    const url = repoUrl(repo);
    if (url.startsWith("file://")) throw invalidEnv("git", repo, "an address that the BinderHub can reach");
    return url;
  }
  if (ARCHIVES.includes(provider)) return cleanDoi(provider, repo);
  if (provider === "hydroshare") return cleanHydroshare(repo);
  const url = splitUrl(repo, ENV_REPO);
  refuseCredentials(url, repo, ENV_REPO);
  if (!(url.scheme in DEFAULT_PORTS)) throw invalidEnv(provider, repo, "the dataset's URL");
  return trimEnd(repo, "/");
}

/** @param {string} provider @param {string} repo */
function cleanDoi(provider, repo) {
  const record = provider === "zenodo" ? ZENODO_RECORD.exec(repo) : null;
  if (record) return `10.5281/zenodo.${record[1]}`;
  const match = DOI.exec(trimEnd(repo, "/"));
  if (match === null) throw invalidEnv(provider, repo, "a DOI such as 10.5281/zenodo.3242074");
  return match[1];
}

/** @param {string} repo */
function cleanHydroshare(repo) {
  const found = /[0-9a-f]{32}/.exec(repo);
  if (found === null) throw invalidEnv("hydroshare", repo, "the resource's URL, DOI or id of 32 hex digits");
  if (repo.includes("://")) refuseCredentials(splitUrl(repo, ENV_REPO), repo, ENV_REPO);
  return `https://www.hydroshare.org/resource/${found[0]}`;
}

/** @param {string} provider @param {unknown} ref @returns {string | null} */
function checkEnvRef(provider, ref) {
  if (!WITH_REF.includes(provider)) {
    if (!ref) return null;
    throw new InvalidValueError(
      "env-ref-unsupported", `Binder's provider ${provider} has no branches, but one was given.`,
      "Leave the branch out; the address alone says which version.", "branch",
    );
  }
  if (ref) return checkBranch(ref, "The env branch");
  return provider === "gist" ? null : "HEAD";
}

// ── Places: where a link runs ─────────────────────────────────────────────────────────────────────

/** @typedef {{kind: "jupyterhub", url: string, server: string | null}} JupyterHub */
/** @typedef {{kind: "lti", url: string, server: string | null, version: string}} LTI */
/** @typedef {{kind: "binder", url: string, env: BinderEnv}} Binder */
/** @typedef {{kind: "server", url: string}} JupyterServer */
/** @typedef {JupyterHub | LTI | Binder | JupyterServer} Place */

const MYBINDER = "https://mybinder.org";

/** @param {unknown} value @param {string} what */
function settleBase(value, what) {
  const url = readBase(value, what);
  return url.origin + url.path;
}

/** Check the name of a named server, which stands between two slashes. @param {unknown} value */
function checkServer(value) {
  const name = checkValue(value, "The server name");
  if (!name || /[/\\]/.test(name) || [".", "..", "user-redirect"].includes(name)) {
    throw new InvalidValueError(
      "server-invalid", `The server name ${shown(name)} cannot be one.`,
      "Give the name as the hub's home page shows it, without slashes.", "server",
    );
  }
  return name;
}

/** @param {unknown} url @param {unknown} server @returns {JupyterHub} */
function jupyterHub(url, server) {
  return { kind: "jupyterhub", url: settleBase(url, "The hub"), server: server ? checkServer(server) : null };
}

/** @param {unknown} url @param {unknown} server @param {unknown} version @returns {LTI} */
function ltiLaunch(url, server, version) {
  if (version !== "1.1" && version !== "1.3") {
    throw new InvalidValueError("lti-version", `There is no LTI ${shown(pythonText(version))} launch.`, "Use 1.1 or 1.3.", "lti");
  }
  return { ...jupyterHub(url, server), kind: "lti", version };
}

/** @param {unknown} address @param {BinderEnv} env @returns {Binder} */
function binderHub(address, env) {
  const url = settleBase(address, "The BinderHub");
  if (new RegExp(`/v2/(?:${PROVIDERS.join("|")})(?:/|$)`).test(url)) {
    throw new InvalidValueError(
      "not-a-url", `The BinderHub ${shown(url)} is a link, not an address.`, "Give what stands before /v2/.", "binder",
    );
  }
  return { kind: "binder", url, env };
}

/** @param {unknown} address @returns {JupyterServer} */
function jupyterServer(address) {
  const url = settleBase(address, "The server");
  if (/\/user-redirect(?:\/[^/]+)?$|\/user\/[^/]+(?:\/[^/]+)?$/.test(url)) {
    throw new InvalidValueError(
      "hub-as-server", `The server ${shown(url)} is one person's server on a hub.`,
      "Give the hub's address as the hub, so that the link works for everybody.", "jupyter",
    );
  }
  return { kind: "server", url };
}

/** The path under a hub that pulls a content. @param {JupyterHub | LTI} place @param {Content} content */
const redirectPath = (place, content) =>
  `/hub/user-redirect/${place.server ? `${encode(place.server)}/` : ""}${pullPath(content)}`;

/** Give the URL that pulls a content at a place. @param {Place} place @param {Content} content */
function placeUrl(place, content) {
  switch (place.kind) {
    case "jupyterhub":
      return place.url + redirectPath(place, content);
    case "lti": {
      const target = encode(splitUrl(place.url).path + redirectPath(place, content));
      // 1.3 has no launch path of its own. Its reader looks for "next=" anywhere in the URL, so the target must
      // always be given that way: a plain link is lost where a repository is called, say, nextflow.
      return `${place.url}/${place.version === "1.1" ? "hub/lti/launch" : "hub"}?next=${target}`;
    }
    case "binder": {
      const urlpath = content.repo === null ? content.urlpath : pullPath(content);
      return `${place.url}/v2/${place.env.provider}/${place.env.spec}${urlpath ? `?urlpath=${encode(urlpath)}` : ""}`;
    }
    default:
      return `${place.url}/${pullPath(content)}`;
  }
}

// ── Making a link ─────────────────────────────────────────────────────────────────────────────────

/**
 * The inputs of a link, named as in Python's `make_link`. Exactly one of env_repo, hub and jupyter says where it runs.
 * @typedef {object} LinkInput
 * @property {string | null} [env_repo] The repository that Binder builds; a pasted page of it will do.
 * @property {string | null} [branch] The env repo's branch, tag or commit.
 * @property {string | null} [content_repo] The repository with the content; a pasted page of it will do.
 * @property {string | null} [content_branch] The content's branch or tag.
 * @property {string | null} [path] The file or directory to open, nothing encoded.
 * @property {string | null} [app] One of the names in `APPS`; lab if only a path is given.
 * @property {string | null} [urlpath] Instead of path and app, the path in the server, percent-encoded.
 * @property {string | null} [targetpath] The clone's directory, relative to the server's root.
 * @property {number | null} [depth] How many commits to fetch; 0 is all.
 * @property {string | null} [binder] The BinderHub's address.
 * @property {string | null} [provider] Binder's provider where env_repo does not tell it.
 * @property {string | null} [hub] The JupyterHub's address.
 * @property {string | null} [server] A named server on the hub.
 * @property {string | null} [lti] "1.1" or "1.3" for a launch by a learning management system.
 * @property {string | null} [jupyter] The address of one Jupyter server.
 */

/**
 * The one flat form that the command line, the page and the tests share.
 * @typedef {object} LinkDict
 * @property {"jupyterhub" | "binder" | "lti" | "server"} kind
 * @property {string} hub
 * @property {string | null} server
 * @property {BinderEnv | null} env
 * @property {string | null} repo
 * @property {string | null} branch
 * @property {string | null} app
 * @property {string | null} path
 * @property {string | null} urlpath
 * @property {string | null} targetpath
 * @property {number | null} depth
 * @property {LinkWarning[]} warnings
 */

/** A place and the content it pulls; `String(link)` is the URL. */
export class Link {
  /** @param {Place} place @param {Content} content @param {LinkWarning[]} [warnings] */
  constructor(place, content, warnings = []) {
    if (content.repo === null && place.kind !== "binder") throw noContentRepo();
    this.place = place;
    this.content = content;
    this.warnings = warnings;
    Object.freeze(this);
  }

  toString() {
    return placeUrl(this.place, this.content);
  }

  /** Give the flat form. @returns {LinkDict} */
  toDict() {
    const { place, content } = this;
    return {
      kind: place.kind,
      hub: place.url,
      server: place.kind === "jupyterhub" || place.kind === "lti" ? place.server : null,
      env: place.kind === "binder" ? place.env : null,
      repo: content.repo,
      branch: content.branch,
      app: content.app,
      path: content.path,
      urlpath: content.urlpath,
      targetpath: content.targetpath,
      depth: content.depth,
      warnings: this.warnings,
    };
  }
}

// What people copy from the address bar after a hub's or a server's own address.
const HUB_TAIL = /(?:\/hub(?!\/hub(?:\/|$))(?=\/|$)|\/user-redirect(?=\/|$)|\/user\/[^/]+).*/;
const SERVER_TAIL =
  /\/(?:lab|tree|notebooks|edit|doc|nbclassic|git-pull|login|files|consoles|terminals|view)(?:\/.*)?$/;
const BINDER_TAIL = /\/v2(?:\/.*)?$/;

/** Make a link. @param {LinkInput} input @returns {string} */
export const makeLink = (input) => String(buildLink(input));

/** Make a link as a value, with warnings about what had to be assumed. @param {LinkInput} input @returns {Link} */
export function buildLink(input) {
  checkPlaces(input);
  const env = input.env_repo ? readEnv(input.env_repo, input.branch, input.provider) : null;
  const page = input.content_repo ? readPage(input.content_repo, input.content_branch) : null;
  const shows = page ?? env?.page ?? null;
  const content = makeContent({
    ...input,
    repo: page ? page.repo : null,
    branch: input.content_branch || (page ? page.ref : null),
    path: input.path || (shows && !input.urlpath ? shows.path : null),
  });
  refuseCommit(content);
  const [place, address] = makePlace(input, env?.env ?? null);
  const pages = [...(env?.page?.warnings ?? []), ...(page?.warnings ?? [])];
  return new Link(place, content, [...pages, ...address, ...pathNotOpened(content, input.path)]);
}

/** @param {LinkInput} input @param {BinderEnv | null} env @returns {[Place, LinkWarning[]]} */
function makePlace(input, env) {
  if (env) {
    const { url, warnings } = cleanBase(input.binder || MYBINDER, "The BinderHub", BINDER_TAIL);
    return [binderHub(url, env), warnings];
  }
  if (input.hub) {
    const { url, warnings } = cleanHub(input.hub);
    return [input.lti ? ltiLaunch(url, input.server, input.lti) : jupyterHub(url, input.server), warnings];
  }
  const { url, warnings } = cleanBase(input.jupyter, "The server", SERVER_TAIL);
  return [jupyterServer(url), warnings];
}

/** Check that exactly one place is given and nothing that belongs to another. @param {LinkInput} input */
function checkPlaces({ env_repo, hub, jupyter, branch, provider, server, lti }) {
  const given = Object.entries({ env_repo, hub, jupyter }).filter(([, value]) => value).map(([name]) => name);
  if (given.length !== 1) {
    throw new InvalidValueError(
      given.length === 0 ? "place-missing" : "place-ambiguous",
      given.length === 0 ? "No place was given to run in." : `${given.join(" and ")} were given.`,
      "Give exactly one of env_repo (for Binder), hub and jupyter (one server).",
    );
  }
  if (branch && !env_repo) {
    throw new InvalidValueError(
      "branch-without-env", "branch is the env repo's, and there is no env repo.",
      "Give content_branch for the content's branch.", "branch",
    );
  }
  if (provider && !env_repo) {
    throw new InvalidValueError(
      "provider-without-env", "provider is Binder's, and there is no env repo.",
      "Give env_repo as well, or leave provider out.", "provider",
    );
  }
  if ((server || lti) && !hub) {
    throw new InvalidValueError(
      "server-without-hub", "A named server or an LTI launch needs a hub.",
      "Give hub as well, or leave server and lti out.", "server",
    );
  }
}

/**
 * Read the env repo: an address or page of a forge, or what an archive calls a dataset.
 * @param {string} repo
 * @param {string | null} [branch]
 * @param {string | null} [provider]
 * @returns {{env: BinderEnv, page: RepoPage | null}}
 */
export function readEnv(repo, branch = null, provider = null) {
  const name = provider || guessProvider(repo);
  if (!WITH_REF.includes(name) || !repo.includes("://")) return { env: binderEnv(name, repo, branch), page: null };
  const page = readPage(repo, branch);
  return { env: binderEnv(provider || guessProvider(page.repo), page.repo, branch || page.ref), page };
}

/** @param {Content} content */
function refuseCommit({ branch }) {
  if (isCommit(branch)) {
    throw new InvalidValueError(
      "commit-as-branch", `The content branch ${shown(branch ?? "")} is a commit.`,
      "Give a branch or a tag: nbgitpuller cannot pull a commit. Tag it to name it.", "content_branch",
    );
  }
}

/** Cut off what was copied along with an address. @param {unknown} value @param {string} what @param {RegExp} tail @returns {{url: string, warnings: LinkWarning[]}} */
function cleanBase(value, what, tail) {
  const url = readBase(value, what);
  const path = url.path.replace(tail, "");
  const clean = url.origin + path;
  if (path === url.path && url.query === null && url.fragment === null) return { url: clean, warnings: [] };
  return { url: clean, warnings: [{ code: "address-cleaned", message: `${what} is taken to be ${clean}.` }] };
}

/** The address of a hub without `/hub/home`, `/user/x/lab` and their like. @param {unknown} value */
export const cleanHub = (value) => cleanBase(value, "The hub", HUB_TAIL);

/** @param {Content} content @param {string | null} [path] @returns {LinkWarning[]} */
function pathNotOpened(content, path) {
  if (!path || !content.app || content.path) return [];
  return [{ code: "path-not-opened", message: `${content.app} opens only itself; ${shown(path)} is not opened.` }];
}
