/** nbpull's API on this server (see its OpenAPI document), and the shapes of what it gives. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

export interface Failure {
  code: string;
  message: string;
  hint: string;
  who: string;
  context: Record<string, unknown>;
}

export interface Hunk {
  line: number;
  ours: string;
  theirs: string;
}

export interface Outcome {
  path: string;
  outcome: string;
  moved_from?: string;
  set_aside_as?: string;
  hunks?: Hunk[];
  cells?: { action: string; first_line: string }[];
  reason?: string;
}

export interface Report {
  status: string;
  files: Outcome[];
  more_files?: number;
  /** What else there is to know, in plain words. */
  notes?: string[];
  restore_point: string | null;
}

export interface RestorePoint {
  id: string;
  created: string;
  why: string;
}

export interface Status {
  workspace: string;
  state: string;
  repo: string | null;
  branch: string | null;
  changed: string[];
  deleted: string[];
  own: string[];
  restore_points: RestorePoint[];
  last: { ended: number; changed: number | null; report: Report | null } | null;
}

export interface Place {
  workspace: string | null;
  below: string[];
}

export interface Restored {
  paths: string[];
  set_aside: Record<string, string>;
  restore_point: string | null;
}

export interface Landing {
  url: string;
  file: string | null;
  missing: boolean;
}

export interface MadeLink {
  url: string;
  shared: boolean;
}

/** What to sync: a link's query, or a workspace that is there. */
export type Wish = { query: string; confirmed?: boolean } | { workspace: string };

export interface Started {
  id: string;
  workspace: string;
  events: string;
}

export interface Progress {
  type: 'progress';
  phase: string;
  done: number | null;
  total: number | null;
}

export type SyncEvent =
  | Progress
  | { type: 'log'; message: string }
  | ({ type: 'report' } & Report)
  | ({ type: 'error' } & Failure)
  | { type: 'end'; state: string; landing: Landing | null };

/** What the server refuses, and what it says of it. */
export class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

const RECONNECTS = 5;
const FIRST_WAIT = 500;

export class Api {
  constructor(private readonly settings: ServerConnection.ISettings) {}

  find(path: string): Promise<Place> {
    return this.ask(`workspace?${query({ path })}`);
  }

  /** Tell the workspace that a link would fill. */
  target(link: string): Promise<Place> {
    return this.ask(`workspace?${query({ query: link })}`);
  }

  status(workspace: string): Promise<Status> {
    return this.ask(`status?${query({ workspace })}`);
  }

  async hasNews(workspace: string): Promise<boolean> {
    return (await this.ask<{ news: boolean }>('news', { workspace })).news;
  }

  preview(workspace: string): Promise<Report> {
    return this.ask('preview', { workspace });
  }

  take(workspace: string, path: string): Promise<Restored> {
    return this.ask('take', { workspace, path });
  }

  restore(workspace: string, id: string): Promise<Restored> {
    return this.ask('restore', { workspace, id });
  }

  link(path: string, app: string): Promise<MadeLink> {
    return this.ask(`link?${query({ path, app, origin: location.origin })}`);
  }

  start(wish: Wish): Promise<Started> {
    return this.ask('syncs', wish);
  }

  async cancel(id: string): Promise<void> {
    await this.ask(`syncs/${id}/cancel`, {});
  }

  /** Follow a sync to its end; a connection that is lost is taken up where it broke. */
  async *follow(started: Started): AsyncGenerator<SyncEvent> {
    const url = new URL(started.events, this.settings.baseUrl).href;
    let seen = 0;
    for (let tries = 0; ; tries++) {
      try {
        for await (const { id, event } of this.stream(url, seen)) {
          seen = id;
          tries = 0;
          yield event;
          if (event.type === 'end') return;
        }
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      if (tries >= RECONNECTS) throw new Refused(lost());
      await new Promise(resolve => setTimeout(resolve, FIRST_WAIT * 2 ** tries));
    }
  }

  private async *stream(url: string, seen: number): AsyncGenerator<{ id: number; event: SyncEvent }> {
    const headers: Record<string, string> = seen ? { 'Last-Event-ID': String(seen) } : {};
    const response = await ServerConnection.makeRequest(url, { headers }, this.settings);
    if (!response.ok || !response.body) throw new Refused(await failure(response));
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let text = '';
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        text += decoder.decode(value, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const found = /^id: (\d+)\ndata: (.*)$/.exec(block);
          if (found) yield { id: Number(found[1]), event: JSON.parse(found[2] ?? '') };
        }
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  private async ask<T>(path: string, body?: object): Promise<T> {
    const url = URLExt.join(this.settings.baseUrl, 'nbpull/api/') + path;
    const init: RequestInit =
      body === undefined ? { method: 'GET' } : { method: 'POST', body: JSON.stringify(body) };
    let response: Response;
    try {
      response = await ServerConnection.makeRequest(url, init, this.settings);
    } catch {
      throw new Refused(lost());
    }
    if (!response.ok) throw new Refused(await failure(response));
    return (await response.json()) as T;
  }
}

function query(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}

async function failure(response: Response): Promise<Failure> {
  try {
    return (await response.json()) as Failure;
  } catch {
    const message = `${response.status} ${response.statusText}`;
    return { code: 'unexpected', message, hint: '', who: 'admin', context: {} };
  }
}

function lost(): Failure {
  const message = 'Your Jupyter server does not answer.';
  const hint = 'Check your connection, then try again.';
  return { code: 'server-lost', message, hint, who: 'network', context: {} };
}
