/** The workspace that is shown: its state, and all that can be done with it. */

import { ISignal, Signal } from '@lumino/signaling';

import { Api, Failure, Landing, MadeLink, Progress, Refused, Report, Status, SyncEvent, Wish } from './api';
import { Documents } from './documents';
import { Neighbours } from './neighbours';

/** What is going on: a sync with how far it is, or another change of the files. */
export interface Doing {
  what: 'sync' | 'look' | 'change';
  workspace: string;
  progress: Progress | null;
}

/** How a sync ended. */
export interface Ended {
  workspace: string;
  report: Report | null;
  landing: Landing | null;
}

/** What the panel shows. */
export interface View {
  /** The workspaces right below the folder that is shown, where it lies in none itself. */
  below: string[];
  status: Status | null;
  /** What a sync would bring, once that was asked. */
  preview: Report | null;
  /** Whether upstream has moved on, as far as is known. */
  news: boolean | null;
  doing: Doing | null;
  failure: Failure | null;
}

const NOTHING: View = {
  below: [],
  status: null,
  preview: null,
  news: null,
  doing: null,
  failure: null
};

export class Course {
  constructor(
    private readonly api: Api,
    private readonly documents: Documents,
    private readonly neighbours: Neighbours
  ) {}

  get view(): View {
    return this.state;
  }

  get changed(): ISignal<this, View> {
    return this.signal;
  }

  get workspace(): string | null {
    return this.state.status?.workspace ?? null;
  }

  /** Show the workspace that a folder or file lies in. */
  async show(path: string): Promise<void> {
    this.path = path;
    try {
      const place = await this.api.find(path);
      if (path !== this.path) return;
      const status = place.workspace === null ? null : await this.api.status(place.workspace);
      if (path !== this.path) return;
      const same = status !== null && status.workspace === this.workspace;
      const kept = same ? this.state : NOTHING;
      this.set({ ...kept, doing: this.state.doing, below: place.below, status });
    } catch (error) {
      if (path === this.path) this.set({ failure: told(error) });
    }
  }

  /** Look at the workspace anew. */
  refresh(): Promise<void> {
    return this.show(this.path);
  }

  /** Tell a path in the workspace from its path on the server; null where it lies elsewhere. */
  inside(path: string | null): string | null {
    const workspace = this.workspace;
    if (workspace === null || path === null || !path.startsWith(`${workspace}/`)) return null;
    return path.slice(workspace.length + 1);
  }

  /**
   * Make a sync, with the open documents saved before and shown anew after it.
   *
   * @throws Refused
   */
  async sync(wish: Wish, folder: string): Promise<Ended> {
    const doing: Doing = { what: 'sync', workspace: folder, progress: null };
    return this.changing(doing, async () => {
      const started = await this.api.start(wish);
      this.job = started.id;
      const ended: Ended = { workspace: started.workspace, report: null, landing: null };
      for await (const event of this.api.follow(started)) {
        if (event.type === 'error') throw new Refused(event);
        this.heed(event, ended, { ...doing, workspace: started.workspace });
      }
      this.set({ preview: null, news: false });
      return ended;
    });
  }

  /**
   * Follow a link: with the documents saved of the workspace that it fills.
   *
   * @throws Refused
   */
  async pull(query: string, confirmed: boolean): Promise<Ended> {
    const { workspace } = await this.api.target(query);
    return this.sync({ query, confirmed }, workspace ?? '');
  }

  /** End the sync that is running. */
  async cancel(): Promise<void> {
    if (this.job !== null) await this.api.cancel(this.job);
  }

  /** Ask what a sync would bring. */
  async look(): Promise<void> {
    const workspace = this.workspace;
    if (workspace === null) return;
    this.set({ doing: { what: 'look', workspace, progress: null }, failure: null });
    try {
      const preview = await this.api.preview(workspace);
      if (workspace === this.workspace) this.set({ preview, news: preview.status !== 'unchanged' });
    } catch (error) {
      this.set({ failure: told(error) });
    } finally {
      this.set({ doing: null });
    }
  }

  /** Ask, at the least cost, whether upstream has moved on. */
  async hasNews(): Promise<boolean> {
    const workspace = this.workspace;
    if (workspace === null || this.state.doing !== null) return false;
    const news = await this.api.hasNews(workspace);
    if (workspace === this.workspace && news !== this.state.news) this.set({ news });
    return news;
  }

  /** Put the teacher's version in place of a file. */
  take(path: string): Promise<void> {
    return this.mend(workspace => this.api.take(workspace, path));
  }

  /** Bring everything back as it was at a restore point. */
  restore(id: string): Promise<void> {
    return this.mend(workspace => this.api.restore(workspace, id));
  }

  link(path: string, app: string): Promise<MadeLink> {
    return this.api.link(path, app);
  }

  /** Save what is open of a workspace, for another tab is about to change it. */
  save(workspace: string): Promise<void> {
    return this.documents.save(workspace);
  }

  /** Show what another tab has changed. */
  async reload(workspace: string): Promise<void> {
    await this.documents.reload(workspace);
    await this.refresh();
  }

  private async mend(change: (workspace: string) => Promise<unknown>): Promise<void> {
    const workspace = this.workspace;
    if (workspace === null) return;
    const doing: Doing = { what: 'change', workspace, progress: null };
    await this.changing(doing, async () => {
      await change(workspace);
      return { workspace, report: null, landing: null };
    });
  }

  /** Do what changes files: with everything saved before it, and shown as it is after it. */
  private async changing(doing: Doing, change: () => Promise<Ended>): Promise<Ended> {
    this.set({ doing, failure: null });
    let ended: Ended = { workspace: doing.workspace, report: null, landing: null };
    try {
      await this.documents.save(doing.workspace);
      await this.neighbours.before(doing.workspace);
      ended = await change();
    } catch (error) {
      this.set({ failure: told(error) });
      throw error;
    } finally {
      this.job = null;
      // A sync that failed may have changed files, too: what was killed is completed first.
      await this.documents.reload(ended.workspace, movedIn(ended)).catch(() => undefined);
      this.neighbours.after(ended.workspace);
      this.set({ doing: null });
      await this.refresh();
    }
    return ended;
  }

  private heed(event: SyncEvent, ended: Ended, doing: Doing): void {
    if (event.type === 'progress') this.set({ doing: { ...doing, progress: event } });
    else if (event.type === 'report') ended.report = event;
    else if (event.type === 'end') ended.landing = event.landing;
  }

  private set(change: Partial<View>): void {
    this.state = { ...this.state, ...change };
    this.signal.emit(this.state);
  }

  private path = '';
  private job: string | null = null;
  private state: View = NOTHING;
  private readonly signal = new Signal<this, View>(this);
}

function movedIn({ workspace, report }: Ended): Map<string, string> {
  const moved = new Map<string, string>();
  for (const { path, moved_from: from } of report?.files ?? []) {
    if (from !== undefined) moved.set(`${workspace}/${from}`, `${workspace}/${path}`);
  }
  return moved;
}

/** Give what can be told of an error. */
export function told(error: unknown): Failure {
  if (error instanceof Refused) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'unexpected', message, hint: '', who: 'admin', context: {} };
}
