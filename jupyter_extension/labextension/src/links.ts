/** Links that bring course files to this very server, told from all others. */

import { DisposableDelegate, IDisposable } from '@lumino/disposable';

/** Where this server is, as far as links can name it. */
export interface Here {
  /** The server's own address. */
  baseUrl: string;
  /** The hub's prefix, empty where there is no hub. */
  hubPrefix: string;
  /** The hub's own host, empty where it is the same. */
  hubHost: string;
  /** The name of this server on the hub, empty for the default one. */
  serverName: string;
}

const ENDPOINTS = /^(?:git-pull|git-sync)\/?$/;

/** Give the query of a link if it pulls into this server, else null. */
export function pullQuery(href: string, here: Here): string | null {
  let url: URL;
  try {
    url = new URL(href, location.href);
  } catch {
    return null;
  }
  const own = new URL(here.baseUrl, location.href);
  const ends = [own, ...hubs(here)];
  const end = ends.find(it => it.origin === url.origin && url.pathname.startsWith(it.pathname));
  if (!end || !url.search) return null;
  return ENDPOINTS.test(url.pathname.slice(end.pathname.length)) ? url.search.slice(1) : null;
}

/** Give what the hub sends on to this server, whoever is logged in. */
function hubs(here: Here): URL[] {
  if (!here.hubPrefix) return [];
  const origin = here.hubHost || location.origin;
  const name = here.serverName ? `${encodeURIComponent(here.serverName)}/` : '';
  const hub = here.hubPrefix.replace(/\/?$/, '/');
  const base = hub.replace(/hub\/$/, '');
  return [hub, base].map(prefix => new URL(`${prefix}user-redirect/${name}`, origin));
}

/** Have such links opened by a function where they are clicked as any other. */
export function catchLinks(here: Here, open: (query: string) => void): IDisposable {
  const heed = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : null;
    const anchor = target?.closest<HTMLAnchorElement>('a[href]');
    if (!anchor || anchor.hasAttribute('download')) return;
    const query = pullQuery(anchor.href, here);
    if (query === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    open(query);
  };
  // Before Lab's own handling of links, which would open a tab.
  window.addEventListener('click', heed, true);
  return new DisposableDelegate(() => window.removeEventListener('click', heed, true));
}
