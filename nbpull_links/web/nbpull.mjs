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
 *     errors · text · redaction · checks · URLs · apps · forge pages · repositories · content
 *     Binder environments · places · making a link · reading a link · badges · the MyST plugin
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
// A password with a slash or a space in it that nobody escaped; a port is no password.
const LOOSE_USERINFO = new RegExp(
  `(://[^${SPACE}/@:"'<>[]{0,200}:(?![0-9]+(?:[/?#${SPACE}]|\\n?$))[^${SPACE}"'<>])[^\\n"'<>]{0,300}(@)`, "gu",
);
// The same without a scheme, as git and people write it; an address for mails is none.
const BARE_USERINFO = new RegExp(
  `(?<![\\p{L}\\p{N}_/@.-])(?!mailto:)[\\p{L}\\p{N}_.-]{1,100}:[^${SPACE}/@:]{1,200}` +
    `(@[\\p{L}\\p{N}_.-]{1,200}(?=[:/][^${SPACE}]|[${SPACE}"'<>,;)]|$))`,
  "giu",
);
const NAMED_SECRET = new RegExp(
  "((?:access_|private_|auth_|oauth_|id_|refresh_|job_)?token|password|passwd|secret|api_?key)" +
    `([${SPACE}]*(?:=|:|%(?:25)*3D|%(?:25)*3A)[${SPACE}]*["']?)[^${SPACE}&"'#,;<>%]+`,
  "giu",
);
const HEADER = new RegExp(
  `(authorization[${SPACE}]*[:=][${SPACE}]*)(?:(?:basic|bearer|token)[${SPACE}]+)?[^${SPACE}"',;]+`,
  "giu",
);
const FORGE_TOKEN =
  /(?<![\p{L}\p{N}_])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[\p{L}\p{N}_]{16,}|gl[a-z]{2,6}-[A-Za-z0-9_.-]{16,})/gu;
const MASK = "***";

const SSH = new RegExp(`ssh${COLON}${SLASH}${SLASH}\\n?$`, "iu");

/** @type {(found: string, before: string, at: string, offset: number, text: string) => string} */
const maskUserinfo = (found, before, at, offset, text) => {
  const user = found.slice(before.length, found.length - at.length);
  // ssh://git@host names an account and holds no secret.
  const plain = SSH.test(text.slice(0, offset + before.length)) && !new RegExp(COLON, "iu").test(user);
  return plain ? found : before + MASK + at;
};

/** Tell whether a URL in a text carries credentials, at any depth of percent-encoding. @param {string} text */
const holdsUserinfo = (text) => text.replace(USERINFO, maskUserinfo) !== text;

/** Replace every credential in a text by `***`, also those in percent-encoded URLs. @param {string} text */
export function redact(text) {
  return text
    .replace(USERINFO, maskUserinfo)
    .replace(LOOSE_USERINFO, `://${MASK}$2`)
    .replace(BARE_USERINFO, `${MASK}$1`)
    .replace(HEADER, `$1${MASK}`)
    .replace(NAMED_SECRET, `$1$2${MASK}`)
    .replace(FORGE_TOKEN, MASK);
}

// ── Checks: what every text in a link must satisfy ────────────────────────────────────────────────

// Web servers strip these from both ends of a parameter, so the value would arrive as another one.
const EDGE = " \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const EDGE_SPACE = new RegExp(`^[${EDGE}]|[${EDGE}]$`);
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

/**
 * Check a text that is a parameter of its own; plain spaces around it are dropped.
 * @param {unknown} value
 * @param {string} what
 */
function checkValue(value, what) {
  return refuseEdgeSpace(trimSpaces(checkText(value, what)), what);
}

/**
 * Refuse a value at whose ends the server that reads the link would drop a space.
 * @param {string} text
 * @param {string} what
 */
function refuseEdgeSpace(text, what) {
  if (EDGE_SPACE.test(text)) {
    throw new InvalidValueError(
      "edge-space", `${what} begins or ends with a space: ${shown(text)}.`, "Remove it.", what,
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
const STRICT_UTF8 = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/**
 * Undo one layer of percent-encoding; a stray % stays, bytes that are no UTF-8 become U+FFFD.
 * @param {string} text
 * @param {{plus?: boolean, decoder?: TextDecoder}} [options]
 */
function decode(text, { plus = false, decoder = UTF8 } = {}) {
  const spaced = plus ? text.replaceAll("+", " ") : text;
  return spaced.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    decoder.decode(Uint8Array.from(run.slice(1).split("%"), (byte) => Number.parseInt(byte, 16))),
  );
}

/** Tell whether the percent-encoded bytes in a text are UTF-8. @param {string} text */
function isUtf8(text) {
  try {
    decode(text, { decoder: STRICT_UTF8 });
    return true;
  } catch {
    return false;
  }
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
  const bare = /^(localhost|[A-Za-z0-9.-]+\.[A-Za-z]{2,})(?::[0-9]+)?(?:\/[^\n]*)?$/.exec(text);
  const whole = `${bare?.[1] === "localhost" ? "http" : "https"}://${text}`;
  const hint = bare ? `Did you mean ${shown(whole)}?` : "Copy it from the browser's address bar.";
  return new InvalidValueError("not-a-url", `${what} ${shown(text)} is no URL: ${why}.`, hint, what);
}

/**
 * Read host and port; a host's ASCII letters become lower case.
 * @param {string} hostPort
 * @returns {{host: string, port: number | null} | null}
 */
function readAuthority(hostPort) {
  const [, host, digits] = /** @type {RegExpExecArray} */ (/^([^]*?)(?::([0-9]*))?$/.exec(hostPort));
  const port = digits ? Number(digits) : null;
  const known = host.startsWith("[") ? isIPv6(host) : HOST.test(host) && isHost(host);
  if (!known || port === 0 || (port ?? 0) > 65535) return null;
  return { host: host.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()), port };
}

/** @param {string} host */
const isIPv6 = (host) => /^\[[0-9A-Fa-f:.]+\]$/.test(host) && canParse(`http://${host}/`);

/**
 * Refuse a punycode that cannot be, and letters that a browser would read as an end of the host.
 * @param {string} host
 */
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
  // "&" is legal in a path, but encoded "&amp;" can only be a slip of whoever copied the link.
  const legal = path.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$'()*+,;=:@/%-]/gu, encode);
  return namesIn(legal).map((name) => `/${name}`).join("");
}

/** @param {string} text @param {string} what */
function credentialsError(text, what) {
  return new InvalidValueError(
    "credentials-in-url",
    `${what} ${shown(text)} holds credentials, which everybody who sees the link could use.`,
    "Take them out; on the server a git credential helper or a deploy key supplies them.", what,
  );
}

/**
 * Refuse a URL that carries a user or a password; an ssh account is no secret.
 * @param {Url} url
 * @param {string} text
 * @param {string} what
 */
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
      "unknown-app", `There is no application ${shown(name)}.`,
      `Use one of ${[...APPS.keys()].join(", ")}, or urlpath for any other.`, "app",
    );
  }
  return app;
}

/**
 * Tell whether a path means a directory: a slash at its end, or a last name without a dot after its first character.
 * @param {string} path
 */
const isDirectory = (path) => !rpartition(path, "/")[2].slice(1).includes(".");

/**
 * Give the percent-encoded path under which an app opens a path of a clone.
 * @param {App} app
 * @param {string | null} directory
 * @param {string | null} path
 */
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

/**
 * Every prefix, the longest first, with whether a path may follow it.
 * @type {[prefix: string, app: App, beforePath: boolean][]}
 */
const PREFIXES = [];
for (const app of APPS.values()) {
  const bare = [app.root, ...(app.bare ?? [])].map((root) => `${trimEnd(root, "/")}/`);
  const prefixes = [app.notebook, app.file, app.directory, ...(app.also ?? [])];
  const beforePath = prefixes.filter((prefix) => prefix !== undefined);
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

// ── Forge pages: what a page's address is made of ─────────────────────────────────────────────────

const GITHUB = "https://github.com";
const TWO = "(?<repo>[^/]+/[^/]+)";
const UNDER = "(?<repo>(?:[^/]+/)+?[^/]+)";
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
  ["", `${UNDER}/(?<word>src|raw|media|commits)/(?:branch|tag|commit)/${REST}`, ""],
  [GITHUB_HOSTS, `${TWO}/releases/(?<word>tag)/${REST}`, GITHUB],
  [GITHUB_HOSTS, `${TWO}/${GIT_WORDS}/${REST}`, GITHUB],
  [GITHUB_HOSTS, `${TWO}/.+`, GITHUB],
  ["www\\.github\\.com|github\\.dev", TWO, GITHUB],
  ["", `${TWO}/${GIT_WORDS}/${REST}`, ""],
].map(([host, path, site]) => (
  { host: host && new RegExp(`^(?:${host})$`), path: new RegExp(`^${path}$`, "s"), site }
));

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

// ── Repositories ──────────────────────────────────────────────────────────────────────────────────

const SCHEMES = ["https", "http", "ssh", "git", "file"];
const SCP = new RegExp(`^([A-Za-z0-9_][A-Za-z0-9_.-]*)@([^/:@${SPACE}]+):([^\\n]+)$`);
// What git would read as a host called "git" and the path "secret@host:path".
const SCP_SECRET = new RegExp(`^[^/@${SPACE}]*:[^/@${SPACE}]*@[^\\n]*$`);
const SSH_USER = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
// "&" is legal, but there it can only be a further parameter that was encoded once too often.
const NOT_IN_URL = new RegExp(`[${SPACE}<>"{}|\\\\^\`&]`);
const REPO = "The repository";
// On these forges a repository is always somebody's.
const OWNER = new RegExp(
  "^(?:(?:https?|git|ssh)://(?:[^/@]*@)?|[^/@]*@)" +
    "(?:github\\.com|gitlab\\.com|bitbucket\\.org|codeberg\\.org)(?::[0-9]+)?[:/]+[^/:]*$",
);

/** The directory a clone gets when the link names none: the last segment, verbatim, `.git` too. @param {string} url */
export const cloneDirectory = (url) => /** @type {string} */ (trimEnd(url, "/").split("/").at(-1));

/** Check and normalise a repository's address. @param {unknown} value @returns {string} */
export function repoUrl(value) {
  const text = checkValue(value, REPO);
  if (!text.includes("://") && SCP_SECRET.test(text)) throw credentialsError(text, REPO);
  const scp = text.includes("://") ? null : SCP.exec(text);
  const clean = scp ? cleanScp(scp, text) : cleanUrl(text);
  refuseEdgeSpace(clean, REPO);
  if (["", ".", "..", ".git"].includes(cloneDirectory(clean)) || OWNER.test(clean)) throw noRepository(text);
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
  if (readAuthority(host) === null) throw notAUrl(text, REPO, "its host or port cannot be");
  const leaves = path.startsWith("-") || path.split("/").includes("..");
  if (/^\/*$/.test(path) || leaves || NOT_IN_URL.test(path)) throw noRepository(text);
  return `${user}@${host.toLowerCase()}:${trimEnd(path, "/")}`;
}

/** @param {string} text */
function cleanUrl(text) {
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
  if (path.split(/[/\\]/).includes("..")) throw dotsError(text, REPO);
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
  const page = url.scheme in DEFAULT_PORTS ? recognisePage(url) : null;
  if (page) {
    throw new InvalidValueError(
      "forge-page", `The repository ${shown(text)} is a page of one.`,
      `Give the repository's own address, ${page.site}/${page.repo}.`, REPO,
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

// Digits and letters: words such as "facade" and dates are names of branches.
const SHORT_SHA = /^(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,39}$/;

/** Say that a branch is a commit, or seems to be the start of one's id. @param {string | null} branch @returns {LinkWarning[]} */
function noteCommit(branch) {
  if (isCommit(branch)) {
    const message = `The branch ${branch} is a commit, which nbgitpuller refuses to pull.`;
    return [{ code: "commit-as-branch", message }];
  }
  if (branch === null || !SHORT_SHA.test(branch)) return [];
  const message = `The branch ${shown(branch)} looks like a shortened commit, which cannot be pulled.`;
  return [{ code: "short-commit", message }];
}

/** Tell whether a ref is a full commit id, which nbgitpuller refuses to pull. @param {string | null} ref */
export const isCommit = (ref) => Boolean(ref && SHA.test(ref.toLowerCase()));

/**
 * Check the values of a content and fill in what follows from the others.
 * @param {Record<string, unknown>} given
 * @returns {Content}
 */
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
  const whole = given.urlpath ? checkUrlpath(given.urlpath) : "";
  if (!whole && !app && !path) return { app: null, path: null, urlpath: null };
  const urlpath = whole || buildUrlpath(app ?? findApp("lab"), directory, path);
  const seen = readUrlpath(urlpath, directory);
  if (whole && ((app && app.name !== seen.app) || (path && path !== seen.path))) {
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
  const text = refuseUserinfo(checkValue(value, "The target path"), "The target path");
  const names = namesIn(text);
  if (/^[/\\~]/.test(text) || text.split(/[/\\]/).includes("..") || names.length === 0) {
    throw new InvalidValueError(
      "targetpath-outside", `The target path ${shown(text)} does not stay inside the server's root.`,
      "Give a relative directory without '..', such as courses/stats.", "targetpath",
    );
  }
  return refuseEdgeSpace(names.join("/"), "The target path");
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

/**
 * Check a path in the repository; a leading slash is the repository's root.
 * @param {unknown} value
 * @returns {string | null}
 */
function checkPath(value) {
  const text = refuseUserinfo(checkText(value, "The path", true), "The path");
  const names = namesIn(text);
  if (text.split(/[/\\]/).includes("..")) {
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
  return refuseUserinfo(text, "The urlpath");
}

/** Refuse credentials of a URL where none belongs, or of one that is wrapped. @param {string} text @param {string} what */
function refuseUserinfo(text, what) {
  if (holdsUserinfo(text)) throw credentialsError(text, what);
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

// ── Forge pages: which repository, ref and path is on view ────────────────────────────────────────

/**
 * What a pasted address shows; a directory's path has a slash at its end.
 * @typedef {{repo: string, ref: string | null, path: string | null, warnings: LinkWarning[]}} RepoPage
 */

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
  const known = ref ? checkValue(ref, "The branch") : null;
  const url = splitUrl(value, REPO);
  refuseCredentials(url, value, REPO);
  const page = recognisePage(url);
  if (page === null && url.query === null && url.fragment === null) return { ...plain, repo: repoUrl(value) };
  const repo = repoUrl(page ? `${page.site}/${page.repo}` : url.origin + url.path);
  const said = { code: "forge-page", message: `${shown(value)} is a page; its repository is ${repo}.` };
  if (!page?.rest) return { ...plain, repo, warnings: [said] };
  const split = splitRef(page.word, page.rest, known);
  return { repo, ref: split.ref, path: split.path, warnings: [said, ...split.doubt] };
}

/**
 * Tell where in `ref/path` the ref ends: by the known ref, else after the first segment.
 * @param {string} word
 * @param {string} rest
 * @param {string | null} known
 */
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
  // Only a directory that one would take for a file needs the slash at its end.
  const slash = path && !isFile && !isDirectory(path) ? "/" : "";
  return { ref: names.slice(0, size).join("/"), path: path + slash || null, doubt };
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
const DOI = new RegExp(`^(?:https?://(?:dx\\.)?doi\\.org/|doi:)?(10\\.[0-9]+/[^${SPACE}?#]*[^${SPACE}?#.,/])/*$`, "iu");
/**
 * Pages of archives that tell the DOI, and an example of one.
 * @type {Record<string, {page: RegExp, doi: (id: string, version?: string) => string, example: string}>}
 */
const ARCHIVE_PAGES = {
  zenodo: {
    page: /^https?:\/\/(?:www\.)?zenodo\.org\/records?\/([0-9]+)(?:[/?#][^\n]*)?$/,
    doi: (id) => `10.5281/zenodo.${id}`,
    example: "10.5281/zenodo.3242074",
  },
  figshare: {
    page: /^https?:\/\/figshare\.com\/articles\/[^?#]*?\/([0-9]+)(?:\/([0-9]+))?\/?(?:[?#][^\n]*)?$/,
    // A page that names no version shows the latest.
    doi: (id, version) => `10.6084/m9.figshare.${id}${version ? `.v${version}` : ""}`,
    example: "10.6084/m9.figshare.9782777.v3",
  },
  dataverse: {
    page: /^https?:\/\/[^?#]+\?(?:[^#]*&)?persistentId=doi(?::|%3A)([^&#]+)[^#]*(?:#[^\n]*)?$/,
    doi: (id) => decode(id),
    example: "10.7910/DVN/TJCLKP",
  },
};
const WORD_START = "(?<![\\p{L}\\p{N}_])";
/** @type {[provider: string, pattern: RegExp][]} */
const GUESSES = [
  ["gist", /^https?:\/\/gist\.github\.com\//],
  ["gh", /^(?:https?:\/\/github\.com\/|git@github\.com:)/],
  ["gl", /^(?:https?:\/\/gitlab\.com\/|git@gitlab\.com:)/],
  ["hydroshare", /^[^\n]*(?:hydroshare\.org\/resource\/|10\.4211\/hs\.)/iu],
  ["zenodo", /^(?:https?:\/\/(?:www\.)?zenodo\.org\/|[^\n]*10\.5281\/zenodo\.)/iu],
  ["figshare", new RegExp(`^(?:https?://figshare\\.com/|[^\\n]*${WORD_START}10\\.6084/m9\\.figshare\\.)`, "iu")],
  ["dataverse", new RegExp(`^[^\\n]*(?:[?&]persistentId=doi|${WORD_START}10\\.7910/DVN/)`, "iu")],
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

/**
 * Read a spec that follows the rules of its provider.
 * @param {string} provider
 * @param {string} spec Nothing decoded.
 */
function readSpec(provider, spec) {
  const names = trimEnd(spec, "/").split("/");
  const size = WITH_REF.includes(provider) ? (provider === "gh" || provider === "gist" ? 2 : 1) : names.length;
  // Of owner/name the slash is always there, so that an owner alone is told to be no repository.
  const repo = names.slice(0, size).join("/") + (size === 2 && names.length === 1 ? "/" : "");
  return binderEnv(provider, decode(repo), decode(names.slice(size).join("/")) || null);
}

/**
 * Check and normalise what Binder builds.
 * @param {string} named
 * @param {unknown} address
 * @param {unknown} [branch]
 * @returns {BinderEnv}
 */
export function binderEnv(named, address, branch = null) {
  const given = checkValue(address, ENV_REPO);
  const provider = named ? checkValue(named, "The provider") : guessProvider(given);
  if (!PROVIDERS.includes(provider)) {
    throw new InvalidValueError(
      "unknown-provider", `BinderHub has no provider ${shown(provider)}.`, `Use one of ${PROVIDERS.join(", ")}.`,
      "provider",
    );
  }
  const repo = refuseEdgeSpace(cleanEnvRepo(provider, given), ENV_REPO);
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

/**
 * Give the one form of an env repo that means it for its provider.
 * @param {string} provider
 * @param {string} repo
 * @returns {string}
 */
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
  const { page, doi, example } = ARCHIVE_PAGES[provider];
  const shows = page.exec(repo);
  const match = DOI.exec(shows ? doi(shows[1], shows[2]) : repo);
  if (match === null) throw invalidEnv(provider, repo, `a DOI such as ${example}`);
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

// A base path that would make a link ambiguous: a reader takes what follows for Binder's spec.
const BINDER_LINK = new RegExp(`/(?:v2|build)/(?:${PROVIDERS.join("|")})(?:/|$)`);
const HUB_PAGE = /\/hub\/(?:home|login|spawn|token|admin)(?=\/|$)/;

/**
 * Check a base address and give its one form: no trailing slash, no query, no fragment.
 * @param {unknown} value
 * @param {string} what
 */
function settleBase(value, what) {
  const { origin, path } = readBase(value, what);
  if (BINDER_LINK.test(path)) {
    throw new InvalidValueError(
      "not-an-address", `${what} ${shown(origin + path)} is a Binder link, not an address.`,
      "Give what stands before /v2/.", what,
    );
  }
  return origin + path;
}

/** Check a hub's address; a page of the hub is not it. @param {unknown} value */
function settleHub(value) {
  const base = settleBase(value, "The hub");
  if (HUB_PAGE.test(base)) {
    throw new InvalidValueError(
      "not-an-address", `The hub ${shown(base)} is a page of a hub, not its address.`, "Give what stands before /hub/.",
      "The hub",
    );
  }
  return base;
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
  return { kind: "jupyterhub", url: settleHub(url), server: server ? checkServer(server) : null };
}

/** @param {unknown} url @param {unknown} server @param {unknown} given @returns {LTI} */
function ltiLaunch(url, server, given) {
  const version = pythonText(given); // the number 1.3 is as good as the text
  if (version !== "1.1" && version !== "1.3") {
    throw new InvalidValueError("lti-version", `There is no LTI ${shown(version)} launch.`, "Use 1.1 or 1.3.", "lti");
  }
  return { ...jupyterHub(url, server), kind: "lti", version };
}

/** @param {unknown} address @param {BinderEnv} env @returns {Binder} */
function binderHub(address, env) {
  return { kind: "binder", url: settleBase(address, "The BinderHub"), env };
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

  /** The URL. It never ends with a dot, which mail programs take for the sentence's. */
  toString() {
    return placeUrl(this.place, this.content).replace(/\.$/, "%2E");
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
  return new Link(
    place, content, [...pages, ...noteCommit(content.branch), ...address, ...pathNotOpened(content, input.path)],
  );
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
  const address = checkValue(repo, ENV_REPO);
  const name = provider || guessProvider(address);
  if (!WITH_REF.includes(name) || !address.includes("://")) return { env: binderEnv(name, address, branch), page: null };
  const page = readPage(address, branch);
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

/**
 * Cut off what was copied along with an address.
 * @param {unknown} value
 * @param {string} what
 * @param {RegExp} tail
 * @returns {{url: string, warnings: LinkWarning[]}}
 */
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
  return [{ code: "path-not-opened", message: `${content.app} cannot open ${shown(path)}; it is pulled all the same.` }];
}

// ── Reading a link: what all of its parts need ────────────────────────────────────────────────────

/** @typedef {[name: string, value: string][]} Pairs */

const ENDPOINTS = ["git-pull", "git-sync", "interact"];
const PULL_NAMES = [
  "repo", "branch", "urlpath", "urlPath", "subpath", "subPath", "app", "targetpath", "targetPath", "depth",
];
const WORD = "\\p{L}\\p{N}_";
const TEMPLATE = new RegExp(`[<>{}]|\\$\\(|\\[(?:your|my|branch|repo|user|hub)(?![${WORD}])`, "iu");
const STRIPPED = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");

/** What Python's `str.strip()` gives. @param {string} text */
const strip = (text) => text.replace(STRIPPED, "");

/** Tell whether a text holds a placeholder that nobody filled in. @param {string} text */
const isTemplate = (text) => TEMPLATE.test(text);

/** The warnings of one reading, in order, each once. */
class Notes {
  /** @type {Map<string, LinkWarning>} */
  #warnings = new Map();

  /** @param {string} code @param {string} message */
  add(code, message) {
    const key = `${code} ${message}`;
    if (!this.#warnings.has(key)) this.#warnings.set(key, { code, message });
  }

  get all() {
    return [...this.#warnings.values()];
  }
}

/**
 * Split a query into decoded pairs, as the web server does.
 * @param {string | null} query
 * @param {Notes} notes
 * @returns {Pairs}
 */
function splitQuery(query, notes) {
  /** @type {Pairs} */
  const pairs = [];
  for (const part of trimStart(query ?? "", "?").split("&").filter(Boolean)) {
    const [rawName, , rawValue] = partition(part, "=");
    const name = decode(rawName, { plus: true });
    const value = strip(decode(rawValue, { plus: true }));
    if (!isUtf8(rawValue)) {
      const start = Array.from(name).slice(0, 40).join("");
      notes.add("invalid-utf8", `The value of ${asciiForm(start)} is no UTF-8; servers refuse it.`);
    }
    // What is left of an "&amp;" copied out of HTML.
    if (name.startsWith("amp;")) notes.add("html-escaped", "'&amp;' was copied out of HTML; it is read as '&'.");
    pairs.push([name.replace(/^(?:amp;)+/, ""), value]);
  }
  return pairs;
}

/**
 * Do what may be refused, and note the refusal instead.
 * @template T
 * @param {Notes} notes
 * @param {() => T} make
 * @returns {T | null}
 */
function orNote(notes, make) {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    notes.add(error.code, `${error.message} It is left out.`);
    return null;
  }
}

// ── Reading a link: through logins, spawns and launches, layer by layer ───────────────────────────

/**
 * Where the layers led. `spec` and `opens` are Binder's; `leaked` are the pull's parameters in an outer layer.
 * @typedef {object} Target
 * @property {"jupyterhub" | "server" | "binder" | "lite" | "form"} kind
 * @property {Url} url The innermost URL.
 * @property {string} base What stands before the part that makes it a link, origin included.
 * @property {string} [endpoint]
 * @property {string | null} [server]
 * @property {string | null} [lti]
 * @property {Pairs} [leaked]
 * @property {string} [provider]
 * @property {string} [spec]
 * @property {string | null} [opens]
 */

const MAX_LAYERS = 8;
const WRAPPERS = ["url", "target_link_uri", "custom_next", "next"];
const BINDER_PATH = new RegExp(`^([^\\n]*?)/(v2|build)/(${PROVIDERS.join("|")})/([^\\n]+)$`);
const OLD_BINDER_PATH = /^\/repo\/([^/]+)\/([^/]+)(\/[^\n]*)?$/;
const LITE_PATH = /^([^\n]*?)\/(?:lab|tree|notebooks|retro)(?:\/[^\n]*)?$/;
const STILL_ENCODED = /^(?:(?:https?%3A)?%2F|[^?]*(?:git-pull|git-sync)%3F)/iu;

/** Follow a text inwards until it pulls something. @param {string} text @param {Notes} notes @returns {Target} */
function unwrap(text, notes) {
  /** @type {string | null} */
  let lti = null;
  /** @type {string | null} */
  let launchBase = null;
  /** @type {Pairs} */
  const leaked = [];
  let layer = text;
  for (let depth = 0; depth < MAX_LAYERS; depth += 1) {
    const url = splitLayer(layer, notes);
    const target = locate(url, notes);
    if (target) return keepBasePath({ ...target, lti, leaked }, launchBase, notes);
    const pairs = splitQuery(url.query, notes);
    const inner = innerLink(pairs);
    if (inner === null) return fromForm(url);
    const launch = readLaunch(url, inner[0]);
    lti ||= launch.version;
    launchBase ||= launch.base;
    leaked.push(...pairs.filter(([name]) => PULL_NAMES.includes(name)));
    layer = resolveLayer(url, inner, notes);
  }
  throw new UnreadableLinkError(
    "too-many-layers", `The link wraps links more than ${MAX_LAYERS} deep.`, "Take the innermost one.",
  );
}

/** @param {string} text @param {Notes} notes */
function splitLayer(text, notes) {
  const url = splitUrl(text, "The link");
  if (url.user !== null) notes.add("credentials-in-url", "The link held credentials; they are left out.");
  if (url.fragment?.startsWith("fancy-forms-config")) {
    notes.add("spawn-options", "The link chose server options as well; they are left out.");
  } else if (url.fragment) {
    notes.add("fragment-dropped", `What follows '#' never reaches the server: ${shown(url.fragment)}.`);
  }
  return url;
}

/** The segments of a URL's path as they stand, without empty ones. @param {Url} url */
const segmentsOf = (url) => url.path.split("/").filter(Boolean);

/**
 * Recognise a URL that pulls, or that Binder opens.
 * @param {Url} given
 * @param {Notes} notes
 * @returns {Target | null}
 */
function locate(given, notes) {
  const binder = BINDER_PATH.exec(given.path);
  if (binder) {
    const [, base, api, provider, spec] = binder;
    if (api === "build") notes.add("binder-build-api", "The link is Binder's build API; it is read as a launch.");
    return { kind: "binder", url: given, base: given.origin + base, provider, spec };
  }
  let url = given;
  const names = segmentsOf(url);
  if (names.at(-1) === "api" && names.at(-2) === "git-pull") names.pop();
  if (/^git-(?:pull|sync)%3f/.test(names.at(-1)?.toLowerCase() ?? "")) {
    notes.add("over-encoded", "The '?' after git-pull was encoded; it is read as '?'.");
    const [endpoint, , query] = partition(decode(/** @type {string} */ (names.pop())), "?");
    names.push(endpoint);
    url = { ...url, path: `/${names.join("/")}`, query };
  }
  const last = names.at(-1);
  const found = last !== undefined && ENDPOINTS.includes(last) ? locateEndpoint : locateRarer;
  return found(url, names, notes);
}

/**
 * Tell what stands left of the endpoint, from the right.
 * @param {Url} url
 * @param {string[]} names
 * @param {Notes} notes
 * @returns {Target}
 */
function locateEndpoint(url, names, notes) {
  const endpoint = /** @type {string} */ (names.at(-1));
  let left = names.slice(0, -1);
  /** @type {"jupyterhub" | "server"} */
  let kind = "jupyterhub";
  /** @type {string | null} */
  let server = null;
  if (left.at(-1) === "user-redirect") {
    left = left.slice(0, -1);
  } else if (left.at(-2) === "user-redirect") {
    server = decode(left[left.length - 1]);
    left = left.slice(0, -2);
  } else if (left.at(-2) === "user" || left.at(-3) === "user") {
    const cut = left.at(-2) === "user" ? -2 : -3;
    const [owner, named] = left.slice(cut + 1);
    server = named === undefined ? null : decode(named);
    left = left.slice(0, cut);
    const whose = shown(decode(owner));
    notes.add("one-user", `The link opens the server of ${whose} only; it is read as a link for everybody.`);
  } else if (endpoint !== "interact" || left.at(-1) !== "hub") {
    kind = "server";
  }
  if (kind === "jupyterhub" && left.at(-1) === "hub") left = left.slice(0, -1);
  if (server !== null && ["lab", "tree", "notebooks", "retro"].includes(server)) {
    notes.add("odd-server", `${shown(server)} is read as the name of a server.`);
  }
  let path = left.map((name) => `/${name}`).join("");
  const page = kind === "jupyterhub" ? HUB_PAGE.exec(path) : null;
  if (page) {
    path = path.slice(0, page.index);
    notes.add("hub-page", `The hub's address is read as ${shown(url.origin + path)}.`);
  }
  return { kind, url, base: url.origin + path, endpoint, server };
}

/**
 * Recognise Binder's first link form, and JupyterLite with a git extension.
 * @param {Url} url
 * @param {string[]} names
 * @param {Notes} notes
 * @returns {Target | null}
 */
function locateRarer(url, names, notes) {
  if (names.at(-1) === "hs-pull") {
    throw new UnreadableLinkError(
      "not-git", "The link pulls a HydroShare resource, which is no git repository.", "Open it where it was made for.",
    );
  }
  const given = splitQuery(url.query, new Notes()).map(([name]) => name);
  const lite = LITE_PATH.exec(url.path);
  if (lite && given.includes("repo")) {
    notes.add(
      "jupyterlite",
      "The link is for JupyterLite, which pulls in the browser; it is read as one for a Jupyter server.",
    );
    return { kind: "lite", url, base: url.origin + lite[1] };
  }
  const old = OLD_BINDER_PATH.exec(trimEnd(url.path, "/"));
  if (old === null || WRAPPERS.some((name) => given.includes(name))) return null;
  notes.add("old-binder", "The link has Binder's first form; its branch was master.");
  const opens = decode(old[3] ?? "") || null;
  return { kind: "binder", url, base: url.origin, provider: "gh", spec: `${old[1]}/${old[2]}/master`, opens };
}

/**
 * Find the wrapped link: the parameter that holds it, and the last value of it.
 * @param {Pairs} pairs
 * @returns {[name: string, value: string] | null}
 */
function innerLink(pairs) {
  const values = new Map(pairs);
  for (const name of WRAPPERS) {
    const value = values.get(name) ?? "";
    if (value.includes("/") || STILL_ENCODED.test(value)) return [name, value];
  }
  return null;
}

/**
 * Tell the LTI version of a launch and the hub's base path, if this layer is a launch.
 * @param {Url} url
 * @param {string} name
 * @returns {{version: string | null, base: string | null}}
 */
function readLaunch(url, name) {
  const path = trimEnd(url.path, "/");
  if (path.endsWith("/hub/lti/launch")) return { version: "1.1", base: withoutTail(path, "/hub/lti/launch") };
  if (/\/hub\/lti13(?:\/|\n?$)/.test(path) || name === "target_link_uri") return { version: "1.3", base: null };
  if (path.endsWith("/hub")) return { version: "1.3", base: withoutTail(path, "/hub") };
  const login = /^([^\n]*?)\/hub\/(?:login|spawn|oauth_login|home)(?:\/|\n?$)/.exec(path);
  return { version: null, base: login ? login[1] : null };
}

/**
 * Make the wrapped link absolute.
 * @param {Url} outer
 * @param {[name: string, value: string]} inner
 * @param {Notes} notes
 */
function resolveLayer(outer, [name, value], notes) {
  let inner = value;
  if (STILL_ENCODED.test(inner)) {
    notes.add("over-encoded", `The value of ${name} was encoded once too often.`);
    inner = decode(inner);
  }
  // To browsers and hubs the name of a host.
  if (/^\/\/[^/]+\.[^/]+\//.test(inner)) inner = `${outer.scheme}:${inner}`;
  if (!/^https?:\/\//iu.test(inner)) return `${outer.origin}/${trimStart(inner, "/")}`;
  if (name.includes("next") && splitUrl(inner, "The link").origin !== outer.origin) {
    notes.add("next-elsewhere", `${name} leads to another host, which hubs refuse; it is followed here.`);
  }
  return inner;
}

/**
 * Give a hub its base path back where only the outer layer names it.
 * @param {Target} target
 * @param {string | null} launchBase
 * @param {Notes} notes
 * @returns {Target}
 */
function keepBasePath(target, launchBase, notes) {
  if (target.kind !== "jupyterhub" || !launchBase || target.base !== target.url.origin) return target;
  notes.add("base-path-lost", `The target of the launch lacks the hub's base path ${shown(launchBase)}.`);
  return { ...target, base: target.url.origin + launchBase };
}

/** Take the pull out of the options for a new server, if it is there. @param {Url} url @returns {Target} */
function fromForm(url) {
  const query = readForm(url.fragment ?? "");
  if (query === null) throw noPull(url);
  const base = url.origin + url.path.replace(/\/hub\/[^\n]*/, "");
  return { kind: "form", url: { ...url, query, fragment: null }, base };
}

// What a development version of jupyterhub-fancy-profiles called the parameters of a pull.
const FORM_NAMES = { "gitPuller:repo": "repo", "gitPuller:branch": "branch", "gitPuller:filePath": "urlpath" };

/** Give the pull in a form behind "#" as a query; null if there is none. @param {string} fragment */
function readForm(fragment) {
  const prefix = "fancy-forms-config=";
  if (!fragment.startsWith(prefix)) return null;
  try {
    const form = JSON.parse(decode(withoutHead(fragment, prefix)));
    if (typeof form !== "object" || Array.isArray(form) || !isTruthy(form?.["gitPuller:repo"])) return null;
    const texts = Object.entries(FORM_NAMES).filter(([key]) => typeof form[key] === "string");
    return texts.map(([key, name]) => `${name}=${encode(form[key])}`).join("&");
  } catch {
    return null; // no JSON, or half a character, which JSON can name and a URL cannot
  }
}

/** Whether Python takes a JSON value for true. @param {unknown} value */
const isTruthy = (value) => Boolean(value) && (typeof value !== "object" || Object.keys(value ?? {}).length > 0);

/** @param {Url} url */
function noPull(url) {
  return new UnreadableLinkError(
    "no-pull",
    `The link pulls nothing: its path ${shown(decode(url.path) || "/")} neither ends in git-pull nor is it Binder's, ` +
      "and no parameter wraps such a link.",
    "Give the whole link, from https:// to its end.",
  );
}

// ── Reading a link: the parameters of a pull ──────────────────────────────────────────────────────

// Sent along by servers, not by whoever made the link; nothing is lost without them.
const HARMLESS = ["redirects", "autodecode", "_xsrf"];
const KNOWN = [...PULL_NAMES, ...HARMLESS, "backup"];
const SECRETS = ["token", "access_token"];
const SPELLINGS = new Map([["urlPath", "urlpath"], ["subPath", "subpath"], ["targetPath", "targetpath"]]);
const MAX_SURPLUS = 8; // layers of encoding too much; no program adds more
const SEPARATOR = new RegExp(`[&?](?:amp;)*(?=(?:${PULL_NAMES.join("|")})=)`);

/**
 * Read what a pull brings and opens.
 * @param {Pairs} pairs The parameters, decoded once.
 * @param {Pairs} leaked Those that stand in an outer layer because they were not encoded.
 * @param {Notes} notes
 * @returns {Content}
 */
function readContent(pairs, leaked, notes) {
  let values = settleValues(pairs, leaked, notes);
  const overEncoded = splitRepo(values, notes);
  const given = values.get("repo");
  if (given === undefined) {
    throw new UnreadableLinkError(
      "repo-missing", "The link pulls, but names no repository to pull.", "Look for what is left out after 'repo='.",
    );
  }
  if (overEncoded) values = new Map([...values].map(([name, value]) => [name, decode(value)]));
  const page = readRepo(values.get("repo") ?? "", values.get("branch") ?? null, notes);
  const branch = readBranch(values.get("branch") || page.ref, notes);
  const wanted = values.get("targetpath");
  const targetpath = wanted ? orNote(notes, () => checkTargetpath(wanted)) : null;
  const directory = targetpath ?? cloneDirectory(page.repo);
  const urlpath = readOpened(values, directory, page.path, notes);
  const path = urlpath ? null : page.path;
  const depth = readDepth(values.get("depth"), notes);
  const content = makeContent({ repo: page.repo, branch, urlpath, path, targetpath, depth });
  noteLanding(content, notes);
  return content;
}

/**
 * Give each parameter its one value: the last wins, lower case wins, outer ones fill in.
 * @param {Pairs} pairs
 * @param {Pairs} leaked
 * @param {Notes} notes
 * @returns {Map<string, string>}
 */
function settleValues(pairs, leaked, notes) {
  /** @type {Map<string, string>} */
  const values = new Map();
  for (const [name, value] of pairs) {
    if (KNOWN.includes(name) && values.has(name) && values.get(name) !== value) {
      notes.add("duplicate-parameter", `${name} is given more than once; the last one counts.`);
    }
    values.set(name, value);
  }
  for (const [name, value] of leaked) {
    if (value && !values.get(name)) {
      notes.add("leaked-parameter", `${name} stands outside of the pull, where no server reads it; it is taken in.`);
      values.set(name, value);
    }
  }
  for (const [camel, name] of SPELLINGS) {
    const value = values.get(camel) ?? "";
    values.delete(camel);
    values.set(name, values.get(name) || value);
  }
  noteOtherValues(values, notes);
  const given = new Set(pairs.map(([name]) => name));
  for (const [name, value] of values) {
    if (!value && given.has(name) && KNOWN.includes(name)) {
      notes.add("blank-parameter", `${name} is blank; it counts as left out.`);
    }
  }
  return new Map([...values].filter(([name, value]) => value && PULL_NAMES.includes(name)));
}

/** Say which parameters are no part of what is read. @param {Map<string, string>} values @param {Notes} notes */
function noteOtherValues(values, notes) {
  for (const [name, value] of values) {
    if (SECRETS.includes(name)) {
      notes.add("token-dropped", "The link held a token; it is left out.");
    } else if (name === "backup" && value) {
      notes.add(
        "backup-dropped", "The link asks for a backup, whatever its value, and then opens no file; it is left out.",
      );
    } else if (!KNOWN.includes(name)) {
      notes.add("unknown-parameter", `Servers do not know ${shown(name)}; it is left out.`);
    }
  }
}

/**
 * Undo surplus encoding of the repository and of the separators after it.
 * @param {Map<string, string>} values
 * @param {Notes} notes
 * @returns {boolean} Whether the other values have a layer of encoding too much as well.
 */
function splitRepo(values, notes) {
  let whole = values.get("repo") ?? "";
  const surplus = /^[a-z+]+%((?:25)*)3A%(?:25)*2F/iu.exec(whole);
  const layers = surplus ? Math.min(1 + surplus[1].length / 2, MAX_SURPLUS) : 0;
  for (let layer = 0; layer < layers; layer += 1) whole = decode(whole);
  if (surplus) notes.add("over-encoded", "The repository was encoded once too often.");
  const [repo, ...others] = whole.split(SEPARATOR);
  if (others.length > 0) notes.add("over-encoded-separators", "The '&' between parameters was encoded.");
  for (const other of others) {
    const [spelt, , value] = partition(other, "=");
    const name = SPELLINGS.get(spelt) ?? spelt;
    if (!values.get(name)) values.set(name, decode(value, { plus: true }));
  }
  values.delete("repo");
  if (repo) values.set("repo", repo);
  return surplus !== null && others.length === 0;
}

/**
 * Read an address that git would be given.
 * @param {string} text
 * @param {string | null} branch
 * @param {Notes} notes
 * @returns {RepoPage}
 */
function readRepo(text, branch, notes) {
  const page = readRepaired(text, repairRepo(strip(text), notes), branch, notes);
  for (const { code, message } of page.warnings) notes.add(code, message);
  return page;
}

/** Make the error for a placeholder where nothing else will do. @param {string} what @param {string} text */
function templateError(what, text) {
  return new UnreadableLinkError(
    "template", `${what} ${shown(text)} holds a placeholder that nobody filled in.`, "Put what is meant in its place.",
  );
}

/**
 * Read a page, without the credentials in its address.
 * @param {string} given
 * @param {string} text
 * @param {string | null} branch
 * @param {Notes} notes
 */
function readRepaired(given, text, branch, notes) {
  try {
    return readPage(text, branch);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    if (isTemplate(given)) throw templateError(REPO, given);
    if (error.code !== "credentials-in-url" || !text.includes("://")) throw error;
    notes.add("credentials-in-url", "The repository's address held credentials; they are left out.");
    return readPage(withoutCredentials(text), branch);
  }
}

/** Give an address without password and token; an ssh user name stays. @param {string} text */
function withoutCredentials(text) {
  splitUrl(text, REPO);
  const [scheme, , rest] = partition(text, "://");
  const [authority, slash, path] = partition(rest, "/");
  const [userinfo, at, host] = rpartition(authority, "@");
  const user = scheme.toLowerCase() === "ssh" ? partition(userinfo, ":")[0] + at : "";
  return `${scheme}://${user}${host}${slash}${path}`;
}

/** Mend what git would stumble over, or would understand in another way. @param {string} text @param {Notes} notes */
function repairRepo(text, notes) {
  let repo = text
    .replace(/^git\+(?=(?:https?|ssh):\/\/)/, "")
    .replace(/^(https?|ssh|git):\/(?=[^/])/, "$1://")
    .replace(/^ssh:\/\/([^/@:]+@[^/:]+):(?=[^0-9/])/, "$1:");
  if (repo !== text) notes.add("repo-repaired", `The repository is read as ${shown(repo)}.`);
  if (new RegExp(`^(?://)?(?:[${WORD}-]+\\.)+[A-Za-z]{2,}(?::[0-9]+)?/[^\\n]+$`, "u").test(repo)) {
    repo = `https://${trimStart(repo, "/")}`;
    notes.add("scheme-missing", `The repository is read as ${shown(repo)}.`);
  } else if (repo.startsWith("/")) {
    repo = `file://${repo}`;
    notes.add("local-path", `The repository is a directory: ${shown(repo)}.`);
  }
  if (repo.endsWith("/")) {
    notes.add("trailing-slash", "The repository's address ends with a slash; it is left out.");
    repo = trimEnd(repo, "/");
  }
  return repo;
}

/** @param {string | null} given @param {Notes} notes @returns {string | null} */
function readBranch(given, notes) {
  if (!given) return null;
  if (isTemplate(given)) notes.add("template", `The branch ${shown(given)} seems to be a placeholder.`);
  const branch = orNote(notes, () => checkBranch(given));
  for (const { code, message } of noteCommit(branch)) notes.add(code, message);
  return branch;
}

/** @param {string | undefined} depth @param {Notes} notes @returns {number | null} */
function readDepth(depth, notes) {
  if (depth === undefined) return null;
  if (/^[0-9]{1,10}$/.test(depth) && Number(depth) <= MAX_DEPTH) return Number(depth);
  notes.add("depth-invalid", `The depth ${shown(depth)} is no number; it is left out.`);
  return null;
}

/**
 * Work out what is opened, as the server does; null leaves it to the server.
 * @param {Map<string, string>} values
 * @param {string} directory
 * @param {string | null} pagePath
 * @param {Notes} notes
 */
function readOpened(values, directory, pagePath, notes) {
  const urlpath = values.get("urlpath");
  const old = values.get("subpath") || values.get("app");
  if (urlpath && old) notes.add("ignored-parameter", "Beside a urlpath, servers ignore app and subPath.");
  const given = urlpath ?? (old && !pagePath ? oldLanding(values, directory, notes) : null);
  return given ? cleanUrlpath(given, notes) : null;
}

/**
 * Write the path that nbgitpuller makes of `app` and `subpath`.
 * @param {Map<string, string>} values
 * @param {string} directory
 * @param {Notes} notes
 */
function oldLanding(values, directory, notes) {
  notes.add("old-parameters", "app and subPath are old parameters; they are read as a urlpath.");
  const subpath = trimStart(trimEnd(values.get("subpath") ?? "", "/"), "/");
  const place = encodePath(directory) + (subpath === "" || subpath === "." ? "" : `/${subpath}`);
  if ((values.get("app") ?? "").toLowerCase() === "lab") return `lab/tree/${place}`;
  return (place.toLowerCase().endsWith(".ipynb") ? "notebooks/" : "tree/") + place;
}

/**
 * Give a urlpath that a link may hold; null if it leads away from the server.
 * @param {string} urlpath
 * @param {Notes} notes
 * @param {boolean} [onBinder] Whether Binder opens it, which drops leading slashes by itself.
 */
function cleanUrlpath(urlpath, notes, onBinder = false) {
  const stripped = trimStart(urlpath, "/");
  if (stripped !== urlpath && !onBinder) {
    if (urlpath.startsWith("//") && !readUrlpath(stripped, null).app) {
      notes.add("urlpath-absolute", "The urlpath leads to another site; it is left out.");
      return null;
    }
    notes.add("leading-slash", "The urlpath begins with a slash, with which servers find nothing; it is left out.");
  }
  let clean = stripped.replace(/(?<=[?&])(?:token|access_token|password|_xsrf)=[^&#]*&?/giu, "");
  if (clean !== stripped) {
    clean = clean.replace(/[?&](?=#|\n?$)/g, "");
    notes.add("token-dropped", "The urlpath held a token; it is left out.");
  }
  if (isTemplate(clean)) notes.add("template", `The urlpath ${shown(clean)} holds a placeholder.`);
  return clean ? orNote(notes, () => checkUrlpath(clean)) || null : null;
}

/** Say what is doubtful about the path that a link opens. @param {Content} content @param {Notes} notes */
function noteLanding({ urlpath: opened, repo, targetpath }, notes) {
  const urlpath = opened ?? "";
  const directory = targetpath ?? (repo === null ? null : cloneDirectory(repo));
  const { app, elsewhere } = readUrlpath(urlpath, directory);
  if (!app && readUrlpath(decode(urlpath), null).app) {
    notes.add("over-encoded", `The urlpath ${shown(urlpath)} was encoded once too often.`);
  }
  if (elsewhere !== null) {
    notes.add(
      "other-directory", `The link opens something in ${shown(elsewhere)}, but the clone is in ${shown(directory ?? "")}.`,
    );
  }
  if (!app || !findApp(app).directory) return;
  const [, bare, mark, rest] = /** @type {RegExpExecArray} */ (/^([^?#]*)([?#]?)([^]*)$/.exec(urlpath));
  const cutOff = mark === "#" || (mark && rest.includes(".ipynb"));
  if (cutOff || /%(?![0-9A-Fa-f]{2})/.test(bare)) {
    notes.add(
      "unescaped-character",
      `A '#', '?' or '%' in the file name is not encoded inside the urlpath ${shown(urlpath)}; the browser cuts it off there.`,
    );
  }
  if (bare.includes("//")) notes.add("double-slash", `The urlpath ${shown(urlpath)} holds an empty directory name.`);
}

// ── Reading a link: Binder's, whose specs other programs often write wrong ────────────────────────

/** Read what Binder builds. @param {string} provider @param {string} given @param {Notes} notes @returns {BinderEnv} */
function readBinderEnv(provider, given, notes) {
  let spec = repairSpec(provider, trimEnd(given, "/"), notes);
  if (provider === "git") {
    const [repo, slash, ref] = partition(spec, "/");
    spec = specWithoutCredentials(repo, notes) + slash + ref;
  }
  const env = readSpecOf(provider, spec, given);
  if (isTemplate(env.ref ?? "") || env.repo.endsWith("/undefined")) {
    notes.add("template", `${shown(env.spec)} seems to hold a placeholder.`);
  }
  const slashes = spec.split("/").length - 1;
  if (["gh", "gl", "git"].includes(provider) && slashes < (provider === "gh" ? 2 : 1)) {
    notes.add("missing-ref", "The link names no branch to build, which Binder refuses.");
  }
  return env;
}

/** @param {string} provider @param {string} spec @param {string} given The spec as it stands in the link. */
function readSpecOf(provider, spec, given) {
  try {
    return readSpec(provider, spec);
  } catch (error) {
    if (!(error instanceof InvalidValueError) || !isTemplate(decode(given))) throw error;
    throw templateError(ENV_REPO, decode(given));
  }
}

/** @param {string} provider @param {string} spec @param {Notes} notes */
function repairSpec(provider, spec, notes) {
  switch (provider) {
    case "gh": return repairGitHubSpec(spec, notes);
    case "gist": return repairGistSpec(spec, notes);
    case "gl": return repairGitLabSpec(spec, notes);
    case "git": return repairGitSpec(spec, notes);
    default: return spec;
  }
}

/** Mend an encoded slash between owner and name. @param {string} spec @param {Notes} notes */
function repairGitHubSpec(spec, notes) {
  const [first, slash, rest] = partition(spec, "/");
  if (!first.toLowerCase().includes("%2f")) return spec;
  notes.add("spec-encoded", "Binder wants the slash in a GitHub repository unencoded.");
  return decode(first) + slash + rest;
}

/** @param {string} spec @param {Notes} notes */
function repairGistSpec(spec, notes) {
  const short = spec.replace(/^(?:https?:\/+)?gist\.github\.com\//, "");
  if (short !== spec) notes.add("spec-repaired", "The gist's host does not belong into a Binder link.");
  return short;
}

/**
 * Mend a project whose slashes are not all encoded; the last segment then is the ref.
 * @param {string} spec
 * @param {Notes} notes
 */
function repairGitLabSpec(spec, notes) {
  const names = spec.split("/");
  const encoded = names.findIndex((name) => name.toLowerCase().includes("%2f"));
  if (encoded === 0 || names.length === 1) return spec;
  noteUnescapedSpec(notes);
  const size = encoded < 0 ? 2 : encoded + 1;
  return [names.slice(0, size).join("%2F"), ...names.slice(size)].join("/");
}

/**
 * Mend a URL whose slashes are not encoded; where it ends has to be told by its shape.
 * @param {string} spec
 * @param {Notes} notes
 */
function repairGitSpec(spec, notes) {
  if (/^(?:[a-z+]+%3A%2F%2F|[^/]+%40|[^/@]+@[^/]+%2F)/iu.test(spec)) return spec;
  const match = /^(https?|ssh|git)(?::|%3A)\/+([^/]+)\/([^\n]+)$/iu.exec(spec);
  if (match === null) return spec;
  noteUnescapedSpec(notes);
  const names = match[3].split("/");
  const end = names.findIndex((name) => name.endsWith(".git"));
  let size = end < 0 ? Math.max(names.length - 1, Math.min(2, names.length)) : end + 1;
  if (["github.com", "bitbucket.org", "codeberg.org"].includes(match[2])) size = 2;
  const repo = names.slice(0, size).join("%2F");
  return [`${match[1]}%3A%2F%2F${match[2]}%2F${repo}`, ...names.slice(size)].join("/");
}

/** @param {Notes} notes */
function noteUnescapedSpec(notes) {
  notes.add(
    "unescaped-spec",
    "The env repo's slashes are not encoded, so Binder takes another repository; it is read as it was meant.",
  );
}

/** Drop credentials from an encoded URL. @param {string} repo @param {Notes} notes */
function specWithoutCredentials(repo, notes) {
  const clean = decode(repo);
  const bare = clean.includes("://") ? withoutCredentials(clean) : clean;
  if (bare === clean) return repo;
  notes.add("credentials-in-url", "The env repo's address held credentials; they are left out.");
  return bare.replaceAll("%", "%25").replaceAll("/", "%2F");
}

/**
 * Read what a Binder link pulls and opens in the environment it builds.
 * @param {Target} target
 * @param {Notes} notes
 * @returns {Content}
 */
function readBinderContent(target, notes) {
  const pairs = splitQuery(target.url.query, notes);
  noteOtherBinderValues(pairs, notes);
  const first = new Map([...pairs].reverse()); // Binder takes the first of several
  for (const [name, app] of [["labpath", "lab"], ["filepath", "notebook"]]) {
    const path = first.get(name);
    if (path) return readOldPath(path, app, notes);
  }
  let opens = first.get("urlpath") || target.opens || "";
  if (/^(?:[^?]*\/)?(?:git-pull|git-sync)%3F/iu.test(opens)) {
    notes.add("over-encoded", "The pull inside urlpath was encoded once too often.");
    opens = decode(opens);
  }
  const leaked = [...withoutFirstUrlpath(pairs), ...(target.leaked ?? [])];
  const [path, , query] = partition(opens, "?");
  if (ENDPOINTS.includes(rpartition(trimEnd(path, "/"), "/")[2])) return readBinderPull(path, query, leaked, notes);
  for (const [name] of leaked) notes.add("pull-missing", `Binder pulls nothing here, so ${name} has no meaning.`);
  const content = makeContent({ repo: null, urlpath: opens ? cleanUrlpath(opens, notes, true) : null });
  noteLanding(content, notes);
  return content;
}

/** @param {Pairs} pairs @param {Notes} notes */
function noteOtherBinderValues(pairs, notes) {
  for (const [name] of pairs) {
    if (name === "token") {
      notes.add("token-dropped", "The link held a token; it is left out.");
    } else if (![...PULL_NAMES, "labpath", "filepath"].includes(name)) {
      notes.add("unknown-parameter", `Binder does not know ${shown(name)}; it is left out.`);
    }
  }
}

/**
 * Read the pull that Binder opens.
 * @param {string} path
 * @param {string} query
 * @param {Pairs} leaked
 * @param {Notes} notes
 */
function readBinderPull(path, query, leaked, notes) {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(path)) {
    notes.add("urlpath-absolute", "The urlpath leaves Binder for another server; the pull in it is read.");
  }
  const [inner, mark, fragment] = partition(query, "#");
  if (mark) notes.add("fragment-dropped", `What follows '#' never reaches the server: ${shown(fragment)}.`);
  const pairs = splitQuery(inner, notes);
  const old = trimEnd(path, "/").endsWith("interact");
  return readContent(old ? readInteract(pairs, notes) : pairs, leaked, notes);
}

/** Give the pull's parameters that leaked into Binder's own query. @param {Pairs} pairs @returns {Pairs} */
function withoutFirstUrlpath(pairs) {
  const first = pairs.findIndex(([name]) => name === "urlpath");
  return pairs.filter(([name], index) => index !== first && PULL_NAMES.includes(name));
}

/**
 * Read Binder's former parameters for a file in the env repo.
 * @param {string} path
 * @param {string} app
 * @param {Notes} notes
 */
function readOldPath(path, app, notes) {
  notes.add("old-parameters", "labpath and filepath are old parameters; they are read as a path.");
  return orNote(notes, () => makeContent({ repo: null, app, path })) ?? makeContent({ repo: null });
}

// ── Reading a link: as it is found in mails, pages and chats ──────────────────────────────────────

const MAX_LENGTH = 65_536;
const MAX_TRIMMED = 40;
const ESCAPED_AND = /&(?:amp;|#38;|#x26;)+/iu;
const SCHEMELESS_LINK = new RegExp(
  `^(?://)?((?:localhost|(?:[${WORD}-]+\\.)+[A-Za-z]{2,})(?::[0-9]+)?/[^\\n]+)$`, "u",
);

/**
 * Read a link. Tolerant, and never silently so: each repair is a warning. For every link,
 * `parseLink(String(link))` is that link again.
 * @param {unknown} text
 * @returns {Link}
 */
export function parseLink(text) {
  const notes = new Notes();
  try {
    const target = unwrap(cleanLink(text, notes), notes);
    const [place, content] = readTarget(target, notes);
    return new Link(place, content, notes.all);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    throw new UnreadableLinkError(error.code, error.message, error.hint, error.field);
  }
}

/** @param {Target} target @param {Notes} notes @returns {[Place, Content]} */
function readTarget(target, notes) {
  const { kind, base, server = null, leaked = [] } = target;
  if (kind === "binder") {
    const env = readBinderEnv(target.provider ?? "", target.spec ?? "", notes);
    return [binderHub(base, env), readBinderContent(target, notes)];
  }
  const pairs = splitQuery(target.url.query, notes);
  const hub = target.lti ? () => ltiLaunch(base, server, target.lti) : () => jupyterHub(base, server);
  const place = kind === "jupyterhub" || kind === "form" ? hub() : jupyterServer(base);
  if (kind === "lite" || kind === "form") return [place, readPathInRepo(pairs, notes)];
  const own = target.endpoint === "interact" ? readInteract(pairs, notes) : pairs;
  return [place, readContent(own, leaked, notes)];
}

/**
 * Read the endpoint of 2016, which knew repositories of one GitHub account.
 * @param {Pairs} pairs
 * @param {Notes} notes
 * @returns {Pairs}
 */
function readInteract(pairs, notes) {
  notes.add("interact", "The link is of the old form 'interact'; it is read as a pull.");
  const values = new Map(pairs);
  if (pairs.filter(([name]) => name === "path").length > 1) {
    notes.add("duplicate-parameter", "path is given more than once; the last one counts.");
  }
  const others = pairs.filter(([name]) => !["account", "path", "repo"].includes(name));
  if (!values.get("branch")) others.push(["branch", "gh-pages"]);
  const repo = values.get("repo");
  const account = `https://github.com/${values.get("account") || "data-8"}/`;
  if (repo) others.push(["repo", (repo.includes("://") ? "" : account) + repo]);
  return [...others, ["subPath", values.get("path") ?? "."]];
}

/** Read parameters whose urlpath begins at the repository's root. @param {Pairs} pairs @param {Notes} notes */
function readPathInRepo(pairs, notes) {
  const own = pairs.filter(([name]) => !["provider", "uploadpath"].includes(name));
  const path = new Map(own).get("urlpath");
  const content = readContent(own.filter(([name]) => name !== "urlpath"), [], notes);
  return path ? makeContent({ repo: content.repo, branch: content.branch, path, app: "lab" }) : content;
}

/** Take the link out of what was copied along with it. @param {unknown} text @param {Notes} notes */
function cleanLink(text, notes) {
  if (typeof text !== "string") {
    throw new UnreadableLinkError("wrong-type", `A link is a text, not ${typeName(text)}.`);
  }
  const size = text.length > MAX_LENGTH ? Array.from(text).length : text.length;
  if (size > MAX_LENGTH) {
    throw new UnreadableLinkError(
      "too-long", `The text has ${size} characters; no link is that long.`, "Give the link alone.",
    );
  }
  if (HALF_CHARACTER.test(text)) {
    throw new UnreadableLinkError("not-unicode", "The text holds half a character.", "Copy the link anew.");
  }
  let link = trimLink(strip(text), notes);
  if (/^https?%3A%2F%2F/iu.test(link)) {
    notes.add("over-encoded", "The whole link was encoded as if it were a parameter.");
    link = decode(link);
  }
  if (/\\[_&*~#-]/.test(link)) {
    notes.add("markdown-escaped", "The link was copied out of Markdown; backslashes are left out.");
    link = link.replace(/\\([_&*~#-])/g, "$1");
  }
  if (/[\t\r\n]/.test(link)) {
    link = link.replace(/[\t\r\n]/g, "");
    notes.add("line-break", "The link was broken over lines; it is read as one.");
  }
  if (CONTROL.test(link)) {
    throw new UnreadableLinkError("control-character", "The link holds a control character.", "Copy the link anew.");
  }
  if (ESCAPED_AND.test(link)) {
    notes.add("html-escaped", "'&amp;' was copied out of HTML; it is read as '&'.");
    link = link.replace(new RegExp(ESCAPED_AND, "giu"), "&");
  }
  return absoluteLink(link, notes);
}

const BRACKETS = new Map([[")", "("], ["]", "["], ["}", "{"], [">", "<"]]);
const INVISIBLE = "\ufeff\u200b\u2060\u00ad";
const BEFORE_LINK = `${INVISIBLE}<"'([{\`\u201c\u2018`;
const AFTER_LINK = `${INVISIBLE}"'.,;:!\`\u201d\u2019`;
const LINKS_IN_TEXT = new RegExp(`(?:^|(?<=[${SPACE}(<"'[=:]))https?://(?:(?!\\]\\()[^${SPACE}<>"])+`, "giu");
const PULLS = /git-pull|git-sync|interact|\/v2\/|next=|launch/iu;

/** Cut off brackets, quotes and a sentence's end. @param {string} link @param {Notes} notes */
function trimLink(link, notes) {
  /** @param {string} text @param {string} mark */
  const count = (text, mark) => text.split(mark).length - 1;
  let trimmed = trimStart(findLink(link), BEFORE_LINK);
  for (let cut = 0; cut < MAX_TRIMMED && trimmed; cut += 1) {
    const last = trimmed.slice(-1);
    const open = BRACKETS.get(last);
    const unpaired = open !== undefined && count(trimmed, last) > count(trimmed, open);
    if (!unpaired && !AFTER_LINK.includes(last)) break;
    trimmed = trimmed.slice(0, -1).replace(new RegExp(`[${SPACE}]+$`), "");
  }
  if (trimmed !== link) notes.add("trimmed", "What stood around the link is left out.");
  return trimmed;
}

/** Find the link in a sentence or a piece of markup: the first one that could pull. @param {string} text */
function findLink(text) {
  if (SCHEMELESS_LINK.test(text) || /^https?:\/\//iu.test(text)) return text;
  return (text.match(LINKS_IN_TEXT) ?? []).find((link) => PULLS.test(link)) ?? text;
}

/**
 * Add the scheme that people leave out, and refuse what has no host at all.
 * @param {string} link
 * @param {Notes} notes
 */
function absoluteLink(link, notes) {
  const schemeless = SCHEMELESS_LINK.exec(link);
  if (schemeless) {
    const scheme = schemeless[1].startsWith("localhost") ? "http" : "https";
    notes.add("scheme-missing", `The link has no scheme; ${scheme}:// is put before it.`);
    return `${scheme}://${schemeless[1]}`;
  }
  const authority = /^https?:\/\/([^/?#]*)/iu.exec(link);
  if (authority === null) {
    throw new UnreadableLinkError(
      "no-host", "The link does not begin with https:// or http:// and a host.",
      "Give the whole link, as the browser's address bar shows it.",
    );
  }
  if (isTemplate(authority[1])) throw templateError("The link's host", authority[1]);
  return link;
}

// ── Badges: text that puts a link on a page ───────────────────────────────────────────────────────

const DEFAULT_LABEL = "Open in Jupyter";
const DEFAULT_BADGE = "launch-nbpull.svg";
const MARKDOWN = /[\\`*_[\]<>&~|!]/g;
const MYST = /[\\`*_[\]<>&~|!{}$@^%:+#]/g;

/** @typedef {(url: string, label: string, image: string) => string} Markup */

/** @type {Record<string, Markup>} */
const MARKUPS = {
  markdown: (url, label, image) => markdownBadge(url, label, image, MARKDOWN),
  rst: (url, label, image) => `.. image:: ${image}\n   :alt: ${label}\n   :target: ${url}`,
  html: (url, label, image) =>
    `<a href="${escapeHtml(url)}"><img src="${escapeHtml(image)}" alt="${escapeHtml(label)}"></a>`,
  myst: (url, label, image) => markdownBadge(url, label, image, MYST),
};

/**
 * Give the text of a picture that is a link.
 * @param {string} url Where it leads.
 * @param {string} [markup] One of markdown, rst, html and myst.
 * @param {{label?: string, image?: string}} [options] What the picture says, and its address as seen from the page.
 */
export function badge(url, markup = "markdown", { label = DEFAULT_LABEL, image = DEFAULT_BADGE } = {}) {
  if (!Object.hasOwn(MARKUPS, markup)) {
    throw new InvalidValueError(
      "unknown-markup", `There is no markup ${shown(markup)}.`, `Use one of ${Object.keys(MARKUPS).join(", ")}.`, "markup",
    );
  }
  const words = checkText(label, "The label", true).split(new RegExp(`[${SPACE}]+`)).filter(Boolean);
  return MARKUPS[markup](badgeTarget(url), words.join(" ") || DEFAULT_LABEL, pictureAddress(image));
}

/** Check where a badge leads. @param {unknown} url */
function badgeTarget(url) {
  const text = checkValue(url, "The link");
  if (!(splitUrl(text, "The link").scheme in DEFAULT_PORTS)) {
    throw new InvalidValueError(
      "unsupported-scheme", `The link ${shown(text)} must begin with https:// or http://.`,
      "Give the link that make_link made.", "url",
    );
  }
  return safeAddress(text);
}

/** @param {unknown} image */
function pictureAddress(image) {
  const text = checkValue(image, "The picture");
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text);
  if (!text || (scheme && !(scheme[1].toLowerCase() in DEFAULT_PORTS))) {
    throw new InvalidValueError(
      "unsupported-scheme", `The picture ${shown(text)} must be a file or a web address.`,
      `Put ${DEFAULT_BADGE} beside the page and give its name.`, "image",
    );
  }
  return safeAddress(text);
}

/** Percent-encode what no URL may hold. @param {string} address */
const safeAddress = (address) => address.replace(/[\x00-\x20"<>\\^`{|}\x7f-\x9f]/g, encode);

/** @param {string} url @param {string} label @param {string} image @param {RegExp} special */
const markdownBadge = (url, label, image, special) =>
  `[![${label.replace(special, "\\$&")}](${markdownTarget(image)})](${markdownTarget(url)})`;

/** Escape what ends a destination in CommonMark, and what it would take for an entity. @param {string} address */
const markdownTarget = (address) =>
  address.replace(/[()*_[\]]/g, "\\$&").replace(new RegExp(`&(?=#?[${WORD}]+;)`, "gu"), "&amp;");

/** @type {Record<string, string>} */
const HTML_ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };

/** @param {string} text */
const escapeHtml = (text) => text.replace(/[&<>"']/g, (found) => HTML_ENTITIES[found]);

// ── The MyST plugin: launch links in books made with mystmd ───────────────────────────────────────

/**
 * What a book says once, for all its pages; the names are those of the Sphinx extension.
 * @typedef {object} BookSettings
 * @property {{name?: string, label?: string, url: string, server?: string, app?: string}[]} [hubs]
 * @property {{url?: string, env_repo?: string, env_branch?: string} | boolean} [binder]
 * @property {string} [content_repo] The repository that holds the pages.
 * @property {string} [content_branch]
 * @property {string} [path_to_docs] The folder of the repository that holds the book; its root if absent.
 * @property {string} [app]
 * @property {string} [targetpath]
 * @property {number} [depth]
 * @property {string} [label] What a link says that has no text of its own.
 * @property {boolean} [pages] Whether each page gets a link for every place, above its first paragraph.
 */

/** @typedef {Record<string, string>} Given The options of one directive or role. */
/**
 * @typedef {{type: string, url?: string, class?: string, value?: string, children?: MystNode[], data?: any, kind?: string, executable?: boolean}} MystNode
 */
/** @typedef {{path?: string, cwd?: string, message: (text: string, node?: any) => any}} MystFile */

const HERE = "."; // the path that means the page itself
const OPTION_HELP = {
  place: "A hub's name or address, `binder`, or `none` for a page without launch links",
  path: "What to open: a path in the content repository; the page itself if absent, or all of another repository",
  repo: "The content repository",
  branch: "Its branch or tag",
  app: "The application that opens it",
  urlpath: "Instead of path and app, the path in the server, percent-encoded",
  targetpath: "The clone's directory",
  depth: "How many commits to fetch; 0 is all",
  hub: "The address of a JupyterHub",
  server: "A named server on the hub",
  lti: "1.1 or 1.3 for a launch by a learning management system",
  jupyter: "The address of one Jupyter server",
  binder: "The address of a BinderHub",
  env_repo: "The repository that Binder builds",
  env_branch: "Its branch, tag or commit",
  provider: "Binder's provider where the repository does not tell it",
  class: "Further classes of the link",
  badge: "Whether the link looks like a button",
};
// As `makeLink` calls them.
const OPTION_ALIASES = new Map([["content_repo", "repo"], ["content_branch", "branch"]]);
const OPTION_NAMES = [...Object.keys(OPTION_HELP), ...OPTION_ALIASES.keys()];

/**
 * Make the plugin for one book. Put this beside nbpull.mjs as launch.mjs, and name it in myst.yml under
 * `project.plugins`:
 *
 *     import { launchPlugin } from "./nbpull.mjs";
 *     export default launchPlugin({
 *       hubs: [{ url: "https://hub.example.org" }],
 *       content_repo: "https://github.com/org/course",
 *       pages: true,
 *     });
 *
 * nbpull.mjs itself is the plugin without settings, where each directive says everything.
 * @param {BookSettings} [settings]
 */
export function launchPlugin(settings = {}) {
  const options = Object.fromEntries(OPTION_NAMES.map((name) => [
    name, { type: name === "badge" ? Boolean : String, doc: OPTION_HELP[/** @type {keyof typeof OPTION_HELP} */ (name)] },
  ]));
  return {
    name: "nbpull",
    directives: [{
      name: "launch",
      doc: "A link that opens this page, or another path of the content repository, in Jupyter.",
      arg: { type: String, doc: "The path to open; the page itself if absent" },
      options,
      body: { type: String, doc: "The link's text, or options as YAML" },
      run: runDirective,
    }],
    roles: [{
      name: "launch",
      doc: "A link in the text: the path to open, or `text <path>`; `.` is the page itself.",
      options,
      body: { type: String, required: true },
      run: runRole,
    }],
    transforms: [{
      name: "nbpull-launch-links",
      doc: "Gives launch links their addresses, which only now are known, and each page its links if the book says so.",
      stage: "document",
      plugin: () => (/** @type {MystNode} */ tree, /** @type {MystFile} */ file) => fillInLinks(tree, file, settings),
    }],
  };
}

/** @param {{arg?: string, options?: Record<string, unknown>, body?: string}} data @returns {MystNode[]} */
function runDirective({ arg, options = {}, body = "" }) {
  const told = readYaml(body);
  /** @type {Given} */
  const given = { ...(arg ? { path: arg } : {}), ...told, ...toGiven(options) };
  const link = waitingLink(given, told ? "" : strip(body));
  return given.place === "none" ? [link] : [{ type: "paragraph", children: [link] }];
}

/** @param {{options?: Record<string, unknown>, body?: string}} data @returns {MystNode[]} */
function runRole({ options = {}, body = "" }) {
  const titled = /^([^]*[^\\])<([^<>]*)>$/.exec(strip(body));
  const path = titled ? titled[2] : strip(body);
  return [waitingLink({ path, ...toGiven(options) }, titled ? strip(titled[1]) : path === HERE ? "" : path)];
}

/** @param {Record<string, unknown>} options @returns {Given} */
const toGiven = (options) =>
  Object.fromEntries(
    Object.entries(options)
      .filter(([, value]) => value !== undefined && value !== null && value !== false)
      // Sphinx reads `:name: 'value'` as YAML and mystmd as it stands; here both mean the same.
      .map(([name, value]) => [OPTION_ALIASES.get(name) ?? name, String(value).replace(/^(['"])(.*)\1$/, "$2")]),
  );

/**
 * A link without an address: the page's path is not known where a directive runs.
 * @param {Given} given
 * @param {string} text
 * @returns {MystNode}
 */
function waitingLink(given, text) {
  const look = given.badge && given.badge !== "false" ? ["button", "nbpull-badge"] : [];
  const classes = ["nbpull-link", ...look, ...(given.class ?? "").split(/\s+/)].filter(Boolean).join(" ");
  const children = text ? [{ type: "text", value: text }] : [];
  return { type: "link", url: "", class: classes, children, data: { nbpull: given } };
}

/**
 * Read a body that says options in YAML: one `name: value` a line, all names known. Null if it is a text.
 * @param {string} body
 * @returns {Given | null}
 */
function readYaml(body) {
  /** @type {Given} */
  const given = {};
  const lines = body.split("\n").filter((line) => !/^\s*(?:#|$)|^---\s*$/.test(line));
  for (const line of lines) {
    const [, name = "", rest = ""] = /^([\w-]+):(?:\s+(.*))?$/.exec(strip(line)) ?? [];
    const spelt = name.replaceAll("-", "_");
    if (!OPTION_NAMES.includes(spelt)) return null;
    const value = readScalar(rest);
    if (value !== null) given[OPTION_ALIASES.get(spelt) ?? spelt] = value;
  }
  return lines.length > 0 ? given : null;
}

/** Read a YAML scalar as a text; null where it is null. @param {string} text */
function readScalar(text) {
  const single = /^'((?:[^']|'')*)'(?:\s+#.*)?$/.exec(text);
  if (single) return single[1].replaceAll("''", "'");
  const double = /^("(?:[^"\\]|\\.)*")(?:\s+#.*)?$/.exec(text);
  if (double) return String(JSON.parse(double[1]));
  const plain = strip(text.replace(/(?:^|\s)#.*$/, ""));
  return plain === "" || plain === "~" || plain === "null" ? null : plain;
}

/**
 * Give every waiting link its address; what cannot be launched stays as text and is an error of the page.
 * @param {MystNode} tree
 * @param {MystFile} file
 * @param {BookSettings} settings
 */
function fillInLinks(tree, file, settings) {
  const page = { path: pathOf(file, settings), asNotebook: holdsCells(tree) };
  const links = nodesOf(tree).filter((node) => node.data?.nbpull);
  if (settings.pages && links.length === 0) {
    const own = placesOf(settings).map((place) => waitingLink({ place, badge: "true" }, ""));
    const spaced = own.flatMap((link) => [link, { type: "text", value: " " }]).slice(0, -1);
    if (own.length > 0) firstBlock(tree).unshift({ type: "paragraph", children: spaced });
    links.push(...own);
  }
  for (const link of links) {
    const given = link.data.nbpull;
    delete link.data;
    if (given.place === "none") Object.assign(link, { type: "comment", value: "" });
    else fillInLink(link, given, page, file, settings);
  }
}

/**
 * @param {MystNode} link
 * @param {Given} given
 * @param {{path: string, asNotebook: boolean}} page
 * @param {MystFile} file
 * @param {BookSettings} settings
 */
function fillInLink(link, given, page, file, settings) {
  try {
    const { label, input } = launchInput(given, page, settings);
    link.url = makeLink(input);
    const text = { type: "text", value: settings.label || `Launch on ${label}` };
    if (link.children?.length === 0) link.children.push(text);
  } catch (error) {
    if (!(error instanceof NbpullError)) throw error;
    file.message(`launch: ${error}`, link).fatal = true;
    Object.assign(link, { type: "span" });
    delete link.url;
  }
}

/**
 * The inputs of a launch link, and what readers call its place.
 * @param {Given} given
 * @param {{path: string, asNotebook: boolean}} page
 * @param {BookSettings} settings
 * @returns {{label: string, input: LinkInput}}
 */
function launchInput(given, page, settings) {
  const { label, app, ...place } = launchPlace(given, settings);
  // The book's branch and folder say nothing about another repository, nor is the page in it.
  const own = !given.repo || !settings.content_repo || given.repo === settings.content_repo;
  const content = {
    content_repo: given.repo ?? settings.content_repo,
    content_branch: given.branch ?? (own ? settings.content_branch : undefined),
    targetpath: given.targetpath ?? (own ? settings.targetpath : undefined),
    depth: given.depth === undefined ? settings.depth : readDepthOption(given.depth),
  };
  // Where Binder builds the content repository itself, there is nothing to pull.
  const itself = "env_repo" in place && (!place.env_repo || (place.env_repo === content.content_repo && !place.branch));
  const { content_repo: env_repo, content_branch } = content;
  const where = itself ? { ...place, env_repo, branch: place.branch ?? content_branch } : place;
  const pulled = itself ? {} : content;
  const opener = given.app ?? app ?? settings.app ?? "lab";
  if (given.urlpath) return { label, input: { ...where, ...pulled, urlpath: given.urlpath } };
  const path = given.path ?? (own ? HERE : "");
  const here = path === HERE;
  const input = { ...where, ...pulled, app: opener, path: here ? page.path : path };
  if (!here || !page.asNotebook || page.path.endsWith(".ipynb")) return { label, input };
  // Lab and Notebook 7 open a text file as a notebook when they are told so.
  return { label, input: { ...where, ...pulled, urlpath: asNotebook(buildLink(input).content) } };
}

/** The path that opens a text file as a notebook, where the application can do that. @param {Content} content */
function asNotebook({ app, urlpath }) {
  if (app === "lab") return `${urlpath}?factory=Notebook`;
  if (app === "notebook") return `${urlpath?.replace(/^edit\//, "notebooks/")}?factory=Notebook`;
  return urlpath?.replace(/^((?:nbclassic|retro)\/)edit\//, "$1notebooks/");
}

/** @param {string} text @returns {any} */
const readDepthOption = (text) => (/^[0-9]+$/.test(text) ? Number(text) : text);

/** @param {Given} given @param {BookSettings} settings @returns {{label: string, app?: string} & LinkInput} */
function launchPlace(given, settings) {
  const { server, lti, provider } = given;
  const binder = settings.binder === true ? {} : settings.binder || {};
  if (given.jupyter) return { label: withoutScheme(given.jupyter), jupyter: given.jupyter };
  if (given.hub) return { label: withoutScheme(cleanHub(given.hub).url), hub: given.hub, server, lti };
  const wanted = given.env_repo || given.binder ? "binder" : (given.place ?? placesOf(settings)[0] ?? "");
  if (wanted === "binder") {
    return {
      label: "Binder", provider, env_repo: given.env_repo ?? binder.env_repo,
      branch: given.env_branch ?? (given.env_repo ? undefined : binder.env_branch), binder: given.binder ?? binder.url,
    };
  }
  if (wanted.includes("://")) return { label: withoutScheme(cleanHub(wanted).url), hub: wanted, server, lti };
  const hub = (settings.hubs ?? []).find((one) => nameOf(one) === wanted);
  if (hub) {
    const label = hub.label ?? withoutScheme(cleanHub(hub.url).url);
    return { label, hub: hub.url, server: server ?? hub.server, lti, app: hub.app };
  }
  throw new InvalidValueError(
    "place-missing", wanted ? `There is no place called ${shown(wanted)}.` : "No place was given to run in.",
    "Give hub, jupyter or env_repo, or the name of a place that the book's settings know.", "place",
  );
}

/** The places that a book's settings know, in their order. @param {BookSettings} settings */
const placesOf = ({ hubs = [], binder }) => [...hubs.map(nameOf), ...(binder ? ["binder"] : [])];

/** @param {{name?: string, url: string}} hub */
const nameOf = ({ name, url }) => name ?? url;

/** @param {string} url */
const withoutScheme = (url) => partition(url, "://")[2] || url;

/**
 * The page's path in the repository, as far as mystmd tells where its file is.
 * @param {MystFile} file
 * @param {BookSettings} settings
 */
function pathOf(file, { path_to_docs: folder = "" }) {
  const root = (file.cwd ?? "").replaceAll("\\", "/");
  const path = (file.path ?? "").replaceAll("\\", "/");
  const inBook = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
  return [...namesIn(folder), ...namesIn(inBook)].join("/");
}

/** @param {MystNode} node @returns {MystNode[]} */
const nodesOf = (node) => [node, ...(node.children ?? []).flatMap(nodesOf)];

/** Tell whether a page has code to run, so that it is a notebook whatever its suffix. @param {MystNode} tree */
const holdsCells = (tree) =>
  nodesOf(tree).some(({ type, kind, executable }) => executable || (type === "block" && kind === "notebook-code"));

/** The children of a page's first block. @param {MystNode} tree */
function firstBlock(tree) {
  const first = tree.children?.[0];
  const holder = first?.type === "block" ? first : tree;
  holder.children ??= [];
  return holder.children;
}

export default launchPlugin();
