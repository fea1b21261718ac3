/**
 * The form as one flat value, and its two other shapes: the inputs of a link, and the page's address.
 *
 * In the address the names are those of nbgitpuller's own generator, so that addresses made for that one work here.
 * There, and so here, `hub`, `repo` and `branch` mean the BinderHub and the environment where the tab is Binder's, and
 * `content-repo` is the content.
 */
import {
  findApp, guessProvider, makeLink, parseLink, readEnv, readPage, redact, UnreadableLinkError,
} from "./nbpull.mjs";

/**
 * @typedef {"tab" | "repo" | "path" | "branch" | "app" | "urlpath" | "targetpath" | "depth" | "hub" | "named" | "lti" | "env" | "envref" | "provider" | "binder" | "server"} Field
 */
/** @typedef {Record<Field, string>} Form */

/** @type {Readonly<Form>} */
export const EMPTY = Object.freeze({
  tab: "hub", repo: "", path: "", branch: "", app: "lab", urlpath: "", targetpath: "", depth: "",
  hub: "", named: "", lti: "1.3", env: "", envref: "", provider: "", binder: "", server: "",
});

/** The fields that a kind of place has, beside those of the content. @type {Record<string, Field[]>} */
export const PLACE_FIELDS = {
  hub: ["hub", "named"],
  lti: ["hub", "named", "lti"],
  binder: ["env", "envref", "provider", "binder"],
  server: ["server"],
};

/**
 * The inputs of `makeLink` that a form means; fields that are not on view do not count.
 * @param {Form} form
 * @returns {import("./nbpull.mjs").LinkInput}
 */
export function toInput(form) {
  const custom = form.app === "custom";
  const content = {
    content_repo: form.repo.trim(),
    content_branch: form.branch,
    path: custom ? "" : form.path,
    app: custom ? "" : form.app,
    urlpath: custom ? form.urlpath : "",
    targetpath: form.targetpath,
    depth: toDepth(form.depth),
  };
  switch (form.tab) {
    case "binder":
      return {
        ...content, env_repo: form.env.trim(), branch: form.envref, provider: form.provider, binder: form.binder.trim(),
      };
    case "server":
      return { ...content, jupyter: form.server.trim() };
    case "lti":
      return { ...content, hub: form.hub.trim(), server: form.named, lti: form.lti };
    default:
      return { ...content, hub: form.hub.trim(), server: form.named };
  }
}

/** A depth is a number, and what is none is left for the builder to refuse. @param {string} text @returns {any} */
function toDepth(text) {
  const digits = text.trim();
  return digits === "" ? null : /^[0-9]+$/.test(digits) ? Number(digits) : text;
}

/** What is not filled in yet, and must be. @param {Form} form @returns {Field[]} */
export function missing(form) {
  /** @type {Record<string, Field[]>} */
  const needs = { hub: ["repo", "hub"], lti: ["repo", "hub"], binder: ["env"], server: ["repo", "server"] };
  return needs[form.tab].filter((field) => form[field].trim() === "");
}

// ── Taking apart what was pasted ──────────────────────────────────────────────────────────────────

/**
 * What a text that was pasted says, and what there is to say about it.
 * @param {string} text A link, the address of a generator with its form filled in, a page of a forge, a repository, or
 *   what an archive calls a dataset.
 * @returns {{form: Partial<Form>, what: string, warnings: import("./nbpull.mjs").LinkWarning[]}}
 */
export function takeApart(text) {
  try {
    return fromLink(parseLink(text));
  } catch (error) {
    if (!(error instanceof UnreadableLinkError)) throw error;
  }
  const query = generatorQuery(text.trim());
  if (query) return { form: fromQuery(query), what: "a filled-in link generator", warnings: [] };
  const provider = guessProvider(text.trim());
  if (!["gh", "gl", "gist", "git"].includes(provider)) {
    const { env } = readEnv(text.trim());
    const parts = { tab: "binder", env: env.repo, provider: env.provider, envref: "" };
    return { form: parts, what: "a dataset for Binder", warnings: [] };
  }
  const page = readPage(text.trim());
  const warnings = page.warnings.filter(({ code }) => code !== "forge-page");
  const what = page.warnings.length > warnings.length ? "a page of a repository" : "a repository";
  return { form: { repo: page.repo, branch: page.ref ?? "", path: page.path ?? "" }, what, warnings };
}

/** The query of an address that fills in this page or nbgitpuller's; empty if it is none. @param {string} text */
function generatorQuery(text) {
  const query = /^https?:\/\/[^?#\s]+\?([^#\s]+)/i.exec(text)?.[1] ?? "";
  const names = new URLSearchParams(query);
  return ["repo", "content-repo", "hub", "jupyter"].some((name) => names.has(name)) ? query : "";
}

const KINDS = {
  jupyterhub: "a JupyterHub link", binder: "a Binder link", lti: "an LTI launch link", server: "a link to one server",
};

/** @param {import("./nbpull.mjs").Link} link */
function fromLink(link) {
  const { place } = link;
  const { kind, hub, server, env, repo, branch, app, path, urlpath, targetpath, depth, warnings } = link.toDict();
  /** @type {Form} */
  const form = {
    ...EMPTY,
    repo: repo ?? "",
    branch: branch ?? "",
    app: app ?? (urlpath ? "custom" : ""),
    path: path ?? "",
    targetpath: targetpath ?? "",
    depth: depth === null ? "" : String(depth),
    tab: kind === "jupyterhub" ? "hub" : kind,
    hub: kind === "jupyterhub" || kind === "lti" ? hub : "",
    named: server ?? "",
    lti: place.kind === "lti" ? place.version : EMPTY.lti,
    binder: kind === "binder" ? hub : "",
    server: kind === "server" ? hub : "",
    env: env?.repo ?? "",
    envref: env?.ref ?? "",
    provider: env?.provider ?? "",
  };
  // What app and path alone cannot say again, such as a Lab workspace, stays a path on the server.
  if (urlpath && String(link) !== again(form)) Object.assign(form, { app: "custom", urlpath, path: "" });
  return { form, what: KINDS[kind], warnings };
}

/** The link that a form gives, empty where it gives none. @param {Form} form */
function again(form) {
  try {
    return makeLink(toInput(form));
  } catch {
    return "";
  }
}

// ── The page's address ────────────────────────────────────────────────────────────────────────────

/**
 * The name of a field in the address, by tab; a field that is not here keeps its own.
 * @type {Record<string, Partial<Record<Field, string>>>}
 */
const NAMES = {
  hub: { named: "server", server: "jupyter" },
  lti: { named: "server", server: "jupyter" },
  server: { named: "server", server: "jupyter" },
  binder: { env: "repo", envref: "branch", binder: "hub", repo: "content-repo", branch: "content-branch" },
};
const FIELDS = /** @type {Field[]} */ (Object.keys(EMPTY));
const CONTENT_FIELDS = /** @type {Field[]} */ (["repo", "path", "branch", "app", "urlpath", "targetpath", "depth"]);

/** The query that brings a form back: what is on view and not as it is at first. @param {Form} form */
export function toQuery(form) {
  const query = new URLSearchParams();
  for (const field of FIELDS) {
    const onView = field === "tab" || CONTENT_FIELDS.includes(field) || PLACE_FIELDS[form.tab].includes(field);
    if (onView && form[field] !== EMPTY[field] && !holdsCredentials(form[field])) {
      query.set(NAMES[form.tab][field] ?? field, form[field]);
    }
  }
  return query.toString();
}

/**
 * Read a form from the query of the page's address; what it does not know it leaves out.
 * @param {string} search
 * @returns {Form}
 */
export function fromQuery(search) {
  const query = new URLSearchParams(search);
  const form = { ...EMPTY, ...readTab(query) };
  const names = NAMES[form.tab];
  for (const field of FIELDS) {
    const value = query.get(names[field] ?? field);
    if (field !== "tab" && field !== "app" && value !== null) form[field] = value;
  }
  form.app = readApp(query);
  return form;
}

/** @param {URLSearchParams} query @returns {{tab: string, lti?: string}} */
function readTab(query) {
  const tab = query.get("tab") ?? "";
  if (tab === "canvas") return { tab: "lti", lti: "1.1" }; // the only LTI that nbgitpuller's generator knows
  if (Object.hasOwn(PLACE_FIELDS, tab)) return { tab };
  return { tab: query.has("content-repo") ? "binder" : query.has("jupyter") ? "server" : "hub" };
}

/** @param {URLSearchParams} query */
function readApp(query) {
  const name = query.get("app");
  if (query.get("urlpath")) return "custom";
  if (name === null) return EMPTY.app;
  if (name === "" || name === "custom") return name;
  try {
    return findApp(name).name;
  } catch {
    return EMPTY.app;
  }
}

/** Tell whether a text holds what must not stand in an address that is passed on. @param {string} text */
export const holdsCredentials = (text) => redact(text) !== text;
