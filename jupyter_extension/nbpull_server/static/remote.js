/**
 * The server's side of a sync, as the page sees it: start, follow, cancel.
 *
 * Where nbpull's own API is not there, nbgitpuller's event stream does: another server may
 * answer it behind the same page.
 */

/** @import { Facts, Failure, Landing } from "./facts.js" */

/** What a refused request throws. */
export class Refused extends Error {
  /** @param {Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** @typedef {{confirmed?: boolean, moved?: boolean, new_folder?: boolean}} Answers */
/** @typedef {(event: any) => void} Listener */

const STREAM_CLOSED = 2;

export class Remote {
  /**
   * @param {Facts} facts
   * @param {string} query the link's own query, as it stands in the address bar
   */
  constructor(facts, query) {
    this.facts = facts;
    this.query = query;
    this.api = `${facts.base}nbpull/api/`;
    /** @type {EventSource | null} */
    this.source = null;
    /** @type {string | null} */
    this.job = null;
    this.unwanted = false;
  }

  /** Forget the last sync: what is asked for from now on is meant for the next one. */
  renew() {
    this.job = null;
    this.unwanted = false;
  }

  /**
   * Start the sync and follow it to its end.
   *
   * @param {Answers} answers
   * @param {Listener} listen
   * @throws {Refused}
   */
  async start(answers, listen) {
    const response = await this.ask("syncs", { query: this.query, ...answers });
    if (response.status === 404) {
      this.followPeer(listen);
      return;
    }
    const job = await answer(response);
    remember({ job: job.id, events: job.events });
    this.follow(job.id, job.events, listen);
  }

  /**
   * Go on with a sync that this tab has followed before it was reloaded.
   *
   * @param {Listener} listen
   * @returns {Promise<boolean>} whether there is one to go on with
   */
  async resume(listen) {
    const { job, events } = remembered();
    if (!job || !events) return false;
    const response = await this.ask(`syncs/${job}`);
    const state = response.ok ? (await response.json()).state : "gone";
    if (!["waiting", "running", "finished"].includes(state)) return false;
    this.follow(job, events, listen);
    return true;
  }

  /** Cancel the sync, as soon as there is one. */
  async cancel() {
    this.unwanted = true;
    if (this.job) await this.ask(`syncs/${this.job}/cancel`, {});
  }

  /**
   * Put the teacher's version of a file in place of the learner's.
   *
   * @param {string} path
   */
  async take(path) {
    await answer(await this.ask("take", { workspace: this.facts.workspace, path }));
  }

  /** @returns {Promise<{id: string, created: string}[]>} */
  async restorePoints() {
    const workspace = encodeURIComponent(this.facts.workspace ?? "");
    return answer(await this.ask(`restore-points?workspace=${workspace}`));
  }

  /** @param {string} id */
  async restore(id) {
    await answer(await this.ask("restore", { workspace: this.facts.workspace, id }));
  }

  /**
   * @param {string} path
   * @param {object} [body] sent with a POST where it is given
   */
  async ask(path, body) {
    /** @type {RequestInit} */
    const request = { headers: { "X-XSRFToken": this.facts.xsrf, Accept: "application/json" } };
    if (body !== undefined) {
      request.method = "POST";
      request.body = JSON.stringify(body);
      request.headers = { ...request.headers, "Content-Type": "application/json" };
    }
    try {
      return await fetch(this.api + path, request);
    } catch {
      throw new Refused(lost());
    }
  }

  /**
   * @param {string} job
   * @param {string} events
   * @param {Listener} listen
   */
  follow(job, events, listen) {
    this.job = job;
    if (this.unwanted) void this.cancel();
    this.open(`${events}${events.includes("?") ? "&" : "?"}_xsrf=${this.facts.xsrf}`, (event) => {
      if (event.type === "end") this.close();
      listen(event);
    }, listen);
  }

  /**
   * Follow nbgitpuller's stream.
   *
   * @param {Listener} listen
   */
  followPeer(listen) {
    const query = new URLSearchParams(this.query);
    query.set("_xsrf", this.facts.xsrf);
    if (this.facts.directory) query.set("targetpath", this.facts.directory);
    this.open(`${this.facts.base}git-pull/api?${query}`, (event) => {
      for (const told of fromPeer(event, this.facts.landing)) {
        if (told.type === "end") this.close();
        listen(told);
      }
    }, listen);
  }

  /**
   * @param {string} url
   * @param {Listener} take
   * @param {Listener} listen
   */
  open(url, take, listen) {
    const source = new EventSource(url);
    this.source = source;
    source.addEventListener("message", (message) => take(JSON.parse(message.data)));
    source.addEventListener("error", () => {
      // The browser reconnects by itself, and asks for what it missed; only a refusal is final.
      if (source.readyState !== STREAM_CLOSED) {
        listen({ type: "lost" });
        return;
      }
      this.giveUp(listen);
    });
    source.addEventListener("open", () => listen({ type: "found" }));
  }

  /**
   * Stop waiting for a server that does not answer; what it was doing may well go on.
   *
   * @param {Listener} listen
   */
  giveUp(listen) {
    this.close();
    listen({ type: "error", ...lost() });
    listen({ type: "end", state: "failed", landing: null });
  }

  close() {
    this.source?.close();
    this.source = null;
  }
}

/**
 * Tell an event of nbgitpuller's in our terms.
 *
 * @param {{phase: string, output?: string, message?: string, error?: {code?: string}}} event
 * @param {Landing | null} landing
 */
function fromPeer(event, landing) {
  if (event.phase === "finished") {
    // Whether the file has come it does not tell; Jupyter will.
    const arrived = landing && { ...landing, missing: false };
    return [{ type: "end", state: "finished", landing: arrived }];
  }
  if (event.phase !== "error") return [{ type: "log", message: event.output ?? "" }];
  const message = event.message ?? "";
  const told = { type: "error", code: "peer", message, hint: "", who: "author" };
  return [{ type: "log", message: event.output ?? message }, told, { type: "end", state: "failed", landing }];
}

/**
 * @param {Response} response
 * @returns {Promise<any>}
 */
async function answer(response) {
  const body = await response.json().catch(() => lost());
  if (!response.ok) throw new Refused(body);
  return body;
}

/** @returns {Failure} */
function lost() {
  return { code: "server-lost", message: "The Jupyter server does not answer.", hint: "", who: "you" };
}

/** @param {object} state what this tab is to know after a reload */
function remember(state) {
  history.replaceState(state, "");
}

/** @returns {{job?: string, events?: string}} */
function remembered() {
  return history.state ?? {};
}
