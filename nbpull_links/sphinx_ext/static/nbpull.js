// The launch menu, and the dialog for a reader's own hub. A page works without this script, but for
// the dialog: the menu is a <details> and its places are links.
"use strict";

(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const STORED = "nbpull.hub";

  /** Load the builder of links; only a reader with a hub of their own ever needs it. */
  const builder = () => {
    const twin = new URL("nbpull-links.js", script.src);
    twin.search = new URL(script.src).search;
    return import(twin.href);
  };

  // A browser may refuse to remember anything; the dialog then works without memory.
  const memory = {
    /** @returns {string | null} */
    get() {
      try {
        return localStorage.getItem(STORED);
      } catch {
        return null;
      }
    },
    /** @param {string | null} hub */
    set(hub) {
      try {
        if (hub === null) localStorage.removeItem(STORED);
        else localStorage.setItem(STORED, hub);
      } catch {
        // Nothing to do: it is asked for again next time.
      }
    },
  };

  /**
   * Make the link that pulls the page on a hub.
   * @param {HTMLElement} launch The page's buttons, which say what to pull.
   * @param {string} typed What the reader typed or pasted.
   * @returns {Promise<{hub: string, url: string}>} The hub without what was pasted along, and the link.
   */
  async function linkTo(launch, typed) {
    const address = typed.trim();
    const hub = /^[a-z][a-z0-9+.-]*:/i.test(address) && !/^[^/]+:\d+(\/|$)/.test(address) ? address : `https://${address}`;
    const { buildLink } = await builder();
    const link = buildLink({ hub, ...JSON.parse(launch.dataset.nbpullContent ?? "{}") });
    return { hub: link.place.url, url: String(link) };
  }

  /** Offer the remembered hub before all others, or take the offer away. @param {HTMLElement} launch */
  async function offerRemembered(launch) {
    const places = launch.querySelector(".nbpull-places");
    if (places === null) return;
    const hub = memory.get();
    const link = hub === null ? null : await linkTo(launch, hub).catch(() => null);
    places.querySelector("[data-nbpull-remembered-hub]")?.remove();
    if (link === null) return;
    const item = document.createElement("li");
    item.dataset.nbpullRememberedHub = "";
    const anchor = document.createElement("a");
    anchor.className = "nbpull-place";
    anchor.href = link.url;
    anchor.textContent = (launch.dataset.nbpullRemembered ?? "{hub}").replace("{hub}", () => link.hub.replace(/^https?:\/\//, ""));
    item.append(anchor);
    places.prepend(item);
  }

  /** @param {HTMLElement} launch */
  function prepareMenu(launch) {
    const menu = /** @type {HTMLDetailsElement | null} */ (launch.querySelector(".nbpull-menu"));
    if (menu === null) return;
    const close = () => {
      menu.open = false;
    };
    document.addEventListener("click", (event) => {
      if (!menu.contains(/** @type {Node} */ (event.target))) close();
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      close();
      menu.querySelector("summary")?.focus();
    });
    // A menu that the keyboard has left must not cover the text.
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget instanceof Node && !menu.contains(event.relatedTarget)) close();
    });
  }

  /** @param {HTMLElement} launch */
  function prepareDialog(launch) {
    const opener = /** @type {HTMLButtonElement | null} */ (launch.querySelector("[data-nbpull-own-hub]"));
    const dialog = launch.querySelector("dialog");
    if (opener === null || dialog === null) return;
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
    const input = /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
    const error = /** @type {HTMLElement} */ (dialog.querySelector(".nbpull-error"));
    const forget = /** @type {HTMLButtonElement} */ (dialog.querySelector("[data-nbpull-forget]"));

    /** @param {string | undefined} [text] */
    const say = (text = "") => {
      error.textContent = text;
      input.toggleAttribute("aria-invalid", text !== "");
      if (text) input.setAttribute("aria-invalid", "true");
    };

    opener.addEventListener("click", () => {
      input.value = memory.get() ?? "";
      forget.hidden = memory.get() === null;
      say();
      dialog.showModal();
      input.select();
    });
    input.addEventListener("input", () => say());
    dialog.querySelector("[data-nbpull-cancel]")?.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener("close", () => {
      const summary = opener.closest("details")?.querySelector("summary");
      (summary ?? opener).focus();
    });
    forget.addEventListener("click", async () => {
      memory.set(null);
      input.value = "";
      forget.hidden = true;
      say();
      input.focus();
      await offerRemembered(launch);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const link = await linkTo(launch, input.value);
        memory.set(link.hub);
        location.assign(link.url);
      } catch (failure) {
        const code = /** @type {{code?: string}} */ (failure).code;
        const { invalid, credentials, unavailable } = error.dataset;
        say(code === undefined ? unavailable : code === "credentials-in-url" ? credentials : invalid);
        input.focus();
      }
    });
  }

  for (const launch of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".nbpull-launch"))) {
    prepareMenu(launch);
    prepareDialog(launch);
    void offerRemembered(launch);
    // Coming back to the page by the browser's back button shows what was remembered meanwhile.
    addEventListener("pageshow", (event) => {
      if (event.persisted) void offerRemembered(launch);
    });
  }
})();
