/** What a click on a link, a button or a menu does, from the first question to the last word. */

import { Clipboard } from '@jupyterlab/apputils';
import { URLExt } from '@jupyterlab/coreutils';
import { Contents } from '@jupyterlab/services';
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import { Landing, Refused } from './api';
import { Course, Ended, told } from './course';
import { Notices } from './notices';
import { isNotable } from './words';

export interface Jupyter {
  commands: CommandRegistry;
  contents: Contents.IManager;
  baseUrl: string;
  /** What opens the files: `lab` or `notebook`. */
  app: string;
  openPanel: () => void;
}

export class Actions {
  constructor(
    private readonly course: Course,
    private readonly notices: Notices,
    private readonly jupyter: Jupyter,
    private readonly trans: TranslationBundle
  ) {}

  /** Bring the workspace that is shown up to date. */
  async sync(): Promise<void> {
    const workspace = this.course.workspace;
    if (workspace === null || this.course.view.doing !== null) return;
    const notice = this.notices.syncing();
    try {
      this.ended(await this.course.sync({ workspace }, workspace), notice.ended);
    } catch {
      // The panel says what it was.
      notice.dismiss();
      this.jupyter.openPanel();
    }
  }

  /** Do what a link asks for, and open its file here. */
  async openLink(query: string, confirmed = false): Promise<void> {
    const notice = this.notices.syncing();
    try {
      const ended = await this.course.pull(query, confirmed);
      this.ended(ended, notice.ended);
      await this.land(ended.landing, query);
    } catch (error) {
      notice.dismiss();
      const asked = error instanceof Refused && error.failure.code === 'ask-first' && !confirmed;
      if (!asked) this.notices.failed(told(error), this.page(query));
      else if (await this.trusts(query)) await this.openLink(query, true);
    }
  }

  /** Put the teacher's version in place of a file, after asking. */
  async take(path: string, title: string): Promise<void> {
    const body = this.trans.__(
      '%1 becomes the version that the last sync brought. What is in it now is kept as an earlier state.',
      path
    );
    if (await this.notices.sure(title, body, this.trans.__('Replace'))) {
      await this.quietly(() => this.course.take(path));
    }
  }

  /** Bring back an earlier state, after asking. */
  async restore(id: string, when: string): Promise<void> {
    const title = this.trans.__('Go back to the state of %1?', when);
    const body = this.trans.__(
      'The files become as they were then; files that came later stay. What is in them now is kept as an earlier state, too.'
    );
    if (await this.notices.sure(title, body, this.trans.__('Go back'))) {
      await this.quietly(() => this.course.restore(id));
    }
  }

  /** Make a link to a file and put it on the clipboard. */
  async copyLink(path: string): Promise<void> {
    try {
      const made = await this.course.link(path, this.jupyter.app);
      Clipboard.copyToSystem(made.url);
      const alone = this.trans.__('Link copied. The file is not in the course, so the link cannot bring it.');
      this.notices.said(made.shared ? this.trans.__('Link copied.') : alone);
    } catch (error) {
      this.notices.failed(told(error), null);
    }
  }

  private ended(ended: Ended, say: (report: Ended['report']) => void): void {
    say(ended.report);
    if (isNotable(ended.report)) {
      void this.course.show(ended.workspace).then(this.jupyter.openPanel);
    }
  }

  /** Open what a link leads to. */
  private async land(landing: Landing | null, query: string): Promise<void> {
    if (landing === null) return;
    const { file, missing, url } = landing;
    if (missing) {
      const message = this.trans.__('The link names %1, which is not in the course.', file ?? '');
      const failure = { code: 'file-missing', message, hint: '', who: 'author', context: {} };
      this.notices.failed(failure, this.page(query));
    } else if (file === null) {
      // Another app, such as a proxied one: it has a page of its own.
      window.open(URLExt.join(this.jupyter.baseUrl, url), '_blank', 'noopener');
    } else {
      const { type } = await this.jupyter.contents.get(file, { content: false });
      const command = type === 'directory' ? 'filebrowser:open-path' : 'docmanager:open';
      await this.jupyter.commands.execute(command, { path: file });
    }
  }

  private async trusts(query: string): Promise<boolean> {
    const repo = new URLSearchParams(query).getAll('repo').pop() ?? '';
    const title = this.trans.__('Do you trust this address?');
    const body = this.trans.__(
      'The link wants to bring files from %1, a place that this server does not know yet. Code in notebooks can do on your account whatever you can.',
      repo
    );
    return this.notices.sure(title, body, this.trans.__('Yes, get the files'));
  }

  private async quietly(change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch {
      this.jupyter.openPanel();
    }
  }

  private page(query: string): string {
    return URLExt.join(this.jupyter.baseUrl, `git-pull?${query}`);
  }
}
