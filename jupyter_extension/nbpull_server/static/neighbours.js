/**
 * Other tabs of this browser that have JupyterLab open on the same server: they save what is open
 * before files change on the disk, and show it anew afterwards. Their side of it is
 * `labextension/src/neighbours.ts`.
 */

/** How long a tab has to say that it is there, and to have saved, in milliseconds. */
const ANSWER = 300;
const PATIENCE = 10_000;

export class Neighbours {
  /** @param {string} base the server's base URL */
  constructor(base) {
    this.name = `nbpull:${base}`;
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(this.name) : null;
  }

  /** Whether no tab has left its mark; one that was killed leaves it too, and costs a moment. */
  get #alone() {
    return !Object.keys(localStorage).some((key) => key.startsWith(`${this.name}:`));
  }

  /**
   * Wait until the other tabs have saved what they have of a workspace.
   *
   * @param {string | undefined} workspace
   * @returns {Promise<void>}
   */
  before(workspace) {
    const channel = this.channel;
    if (!channel || !workspace || this.#alone) return Promise.resolve();
    const id = crypto.getRandomValues(new Uint32Array(2)).join("");
    return new Promise((resolve) => {
      let waiting = 0;
      let timer = setTimeout(done, ANSWER);
      /** @param {MessageEvent} event */
      function heed({ data }) {
        if (data.id !== id) return;
        if (data.kind === "here") {
          waiting += 1;
          clearTimeout(timer);
          timer = setTimeout(done, PATIENCE);
        } else if (data.kind === "ready" && --waiting === 0) {
          done();
        }
      }
      function done() {
        clearTimeout(timer);
        channel?.removeEventListener("message", heed);
        resolve();
      }
      channel.addEventListener("message", heed);
      channel.postMessage({ kind: "before", id, workspace });
    });
  }

  /**
   * Tell the other tabs that a workspace has changed on the disk.
   *
   * @param {string | undefined} workspace
   */
  after(workspace) {
    if (workspace) this.channel?.postMessage({ kind: "after", id: "", workspace });
  }
}
