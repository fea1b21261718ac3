/**
 * What to say beside a field while it is filled in.
 *
 * There is one source of rules, the builder: each field is given to it alone, beside values that are known to be good,
 * so that what it then refuses or remarks is about this field.
 */
import { buildLink, cleanHub, isCommit, NbpullError, readEnv, readPage } from "./nbpull.mjs";
import { holdsCredentials, missing, PLACE_FIELDS, toInput } from "./form.mjs";

/** @typedef {import("./form.mjs").Form} Form */
/** @typedef {import("./form.mjs").Field} Field */

/**
 * One thing to say. `early` is one that typing on may mend: it waits until the reader has paused.
 * @typedef {object} Advice
 * @property {"error" | "warn"} level
 * @property {string} code
 * @property {string} text
 * @property {string} hint
 * @property {boolean} early
 * @property {{label: string, change: Partial<Form>}} [fix] What a button beside it does.
 */

const GOOD_REPO = { content_repo: "https://github.com/org/course" };
const GOOD_PLACE = { hub: "https://hub.example.org" };
const GOOD_ENV = { env_repo: "https://github.com/org/env" };
const EARLY = [
  "not-a-url", "no-repository", "env-repo-invalid", "unsupported-scheme", "branch-invalid", "depth-invalid",
];

/**
 * The inputs that try a field alone.
 * @type {Partial<Record<Field, (form: Form) => import("./nbpull.mjs").LinkInput>>}
 */
const TRIALS = {
  repo: ({ repo, branch }) => ({ ...GOOD_PLACE, content_repo: repo, content_branch: soundBranch(branch) }),
  branch: ({ branch }) => ({ ...GOOD_PLACE, ...GOOD_REPO, content_branch: branch }),
  path: ({ path, app }) => ({ ...GOOD_PLACE, ...GOOD_REPO, path, app }),
  urlpath: ({ urlpath }) => ({ ...GOOD_PLACE, ...GOOD_REPO, urlpath }),
  targetpath: ({ targetpath }) => ({ ...GOOD_PLACE, ...GOOD_REPO, targetpath }),
  depth: (form) => ({ ...GOOD_PLACE, ...GOOD_REPO, depth: toInput(form).depth }),
  hub: ({ hub }) => ({ ...GOOD_REPO, hub }),
  named: ({ named }) => ({ ...GOOD_PLACE, ...GOOD_REPO, server: named }),
  env: ({ env, envref, provider }) => ({ ...GOOD_REPO, env_repo: env, branch: soundRef(envref), provider }),
  envref: ({ envref }) => ({ ...GOOD_REPO, ...GOOD_ENV, branch: envref }),
  binder: ({ binder }) => ({ ...GOOD_REPO, ...GOOD_ENV, binder }),
  server: ({ server }) => ({ ...GOOD_REPO, jupyter: server }),
};

/** A ref, unless there is something wrong with it, which is said beside its own field. @param {string} ref */
function soundRef(ref) {
  try {
    buildLink({ ...GOOD_REPO, ...GOOD_ENV, branch: ref });
    return ref;
  } catch {
    return "";
  }
}

/** Of the content's refs, a commit is not sound either. @param {string} branch */
const soundBranch = (branch) => (isCommit(branch) ? "" : soundRef(branch));

/** All there is to say about a form, by field. @param {Form} form @returns {Map<Field, Advice[]>} */
export function advise(form) {
  const onView = new Set([...contentFields(form), ...PLACE_FIELDS[form.tab]]);
  /** @type {Map<Field, Advice[]>} */
  const all = new Map();
  for (const [name, trial] of Object.entries(TRIALS)) {
    const field = /** @type {Field} */ (name);
    if (onView.has(field) && form[field].trim() !== "") {
      const trimmed = { ...form, [field]: form[field].trim() };
      all.set(field, tryField(field, trimmed, trial(trimmed)));
    }
  }
  if (form.tab === "binder" && form.repo.trim() === "" && missing(form).length === 0) adviseBare(form, all);
  return all;
}

/** @param {Form} form @returns {Field[]} */
function contentFields({ app }) {
  return ["repo", "branch", app === "custom" ? "urlpath" : "path", "targetpath", "depth"];
}

/**
 * On Binder without a content repository, nothing is pulled, and these have no meaning.
 * @param {Form} form
 * @param {Map<Field, Advice[]>} all
 */
function adviseBare(form, all) {
  for (const field of /** @type {Field[]} */ (["branch", "targetpath", "depth"])) {
    if (form[field].trim() !== "") {
      all.set(field, [{
        level: "error", code: "no-content-repo", early: false,
        text: "This is about the content repository, and none is given.",
        hint: "Give the content repository, or leave this empty.",
        fix: { label: "Leave it empty", change: { [field]: "" } },
      }]);
    }
  }
}

/** @param {Field} field @param {Form} form @param {import("./nbpull.mjs").LinkInput} input @returns {Advice[]} */
function tryField(field, form, input) {
  try {
    const { warnings } = buildLink(input);
    return warnings
      .filter(({ code }) => isAbout(code, field, form))
      .map(({ code, message: text }) => (
        { level: "warn", code, text, hint: "", early: false, fix: mendWarning(field, code, form) }
      ));
  } catch (error) {
    if (!(error instanceof NbpullError)) throw error;
    const { code, message: text } = error;
    const fix = mendError(field, code, form);
    // Where a button adds what is missing, there is no need to go and copy it again.
    const hint = code === "not-a-url" && fix ? "" : error.hint;
    return [{ level: "error", code, text, hint, early: EARLY.includes(code), fix }];
  }
}

/**
 * Whether a remark is about a field, and not about another that was tried along.
 * @param {string} code
 * @param {Field} field
 * @param {Form} form
 */
function isAbout(code, field, form) {
  if (code === "forge-page") return field === "repo" || field === "env";
  return code !== "short-commit" || field === "branch" || form.branch.trim() === "";
}

/** @param {Field} field @param {string} code @param {Form} form @returns {Advice["fix"]} */
function mendWarning(field, code, form) {
  if (code === "short-commit" && field === "branch") return { label: "Use the default branch", change: { branch: "" } };
  if (code === "address-cleaned") {
    const input = TRIALS[field]?.(form) ?? {};
    return { label: "Use that", change: { [field]: buildLink(input).place.url } };
  }
  if (code !== "forge-page") return undefined;
  if (field === "env") {
    const { env } = readEnv(form.env, soundRef(form.envref), form.provider);
    return { label: "Fill in the repository and its branch", change: { env: env.repo, envref: env.ref ?? "" } };
  }
  return { label: "Fill in its parts", change: partsOf(form) };
}

/**
 * The parts of a pasted page; what was typed into the other fields stays.
 * @param {Form} form
 * @returns {Partial<Form>}
 */
function partsOf({ repo, branch, path }) {
  const page = readPage(repo, soundBranch(branch));
  return { repo: page.repo, branch: branch || page.ref || "", path: path || page.path || "" };
}

/** @param {Field} field @param {string} code @param {Form} form @returns {Advice["fix"]} */
function mendError(field, code, form) {
  const value = form[field];
  if (code === "credentials-in-url") {
    const bare = value.replace(/:\/\/[^/?#]*@/, "://");
    return holdsCredentials(bare) ? undefined : { label: "Take them out", change: { [field]: bare } };
  }
  if (code === "not-a-url" && !value.includes("://") && /^[\p{L}\p{N}.-]+\.\p{L}{2,}(?::\d+)?(?:\/|$)/u.test(value)) {
    return { label: `Use https://${value}`, change: { [field]: `https://${value}` } };
  }
  if (code === "commit-as-branch") {
    const change = field === "repo" ? { ...partsOf({ ...form, branch: "" }), branch: "" } : { branch: "" };
    return { label: "Use the default branch", change };
  }
  if (code === "hub-as-server") {
    return { label: "Make it a link to the hub", change: { tab: "hub", hub: cleanHub(value).url, server: "" } };
  }
  return undefined;
}
