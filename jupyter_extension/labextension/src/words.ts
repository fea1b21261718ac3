/** What is said of files and steps, in the words of the interface's language. */

import { TranslationBundle } from '@jupyterlab/translation';

import { Outcome, Progress, Report } from './api';
import { Doing } from './course';

/** The outcomes that a learner should hear of, the weightiest first. */
export const NOTABLE = ['kept-yours', 'set-aside', 'restored'];

export function isNotable(report: Report | null): boolean {
  return Boolean(report?.notes?.length) || (report?.files ?? []).some(file => NOTABLE.includes(file.outcome));
}

/** Say what is going on. */
export function step(doing: Doing, trans: TranslationBundle): string {
  if (doing.what === 'look') return trans.__('Asking what is new…');
  if (doing.what === 'change') return trans.__('Writing the files…');
  const steps: Record<string, string> = {
    waiting: trans.__('Waiting for another sync of this folder…'),
    connecting: trans.__('Asking for news…'),
    receiving: trans.__('Receiving the files…'),
    inspecting: trans.__('Looking at what you changed…'),
    protecting: trans.__('Keeping a copy of your work…'),
    applying: trans.__('Writing the files…'),
    settling: trans.__('Tidying up…')
  };
  return steps[doing.progress?.phase ?? ''] ?? trans.__('Saving what is open…');
}

/** Give how far a step is, from 0 to 1; null where that cannot be known. */
export function share(progress: Progress | null): number | null {
  return progress?.total ? Math.min(1, (progress.done ?? 0) / progress.total) : null;
}

/** Say what became of a file. */
export function outcome(file: Outcome, trans: TranslationBundle): string {
  switch (file.outcome) {
    case 'added':
      return trans.__('new');
    case 'updated':
      return trans.__('updated');
    case 'removed':
      return trans.__('removed by the teacher');
    case 'restored':
      return trans.__('had been deleted here, came back');
    case 'moved':
      return trans.__('moved from %1', file.moved_from ?? '');
    case 'merged':
      return trans.__('yours and the teacher’s changes together');
    case 'kept-yours':
      return trans.__('changed by both in the same place; yours stayed');
    case 'set-aside':
      return trans.__('the teacher’s; yours is now %1', file.set_aside_as ?? '');
    default:
      return file.outcome;
  }
}

/** Say the same of what a sync would do. */
export function forecast(file: Outcome, trans: TranslationBundle): string {
  switch (file.outcome) {
    case 'updated':
      return trans.__('will be updated');
    case 'removed':
      return trans.__('was removed by the teacher');
    case 'restored':
      return trans.__('was deleted here, will come back');
    case 'moved':
      return trans.__('was %1', file.moved_from ?? '');
    case 'merged':
      return trans.__('yours and the teacher’s changes will be put together');
    case 'kept-yours':
      return trans.__('changed by both in the same place; yours will stay');
    case 'set-aside':
      return trans.__('yours will be kept under another name');
    default:
      return outcome(file, trans);
  }
}

/** Say how a sync ended, in one sentence. */
export function ending(report: Report | null, trans: TranslationBundle): string {
  const count = (report?.files.length ?? 0) + (report?.more_files ?? 0);
  if (isNotable(report)) return trans.__('Up to date. There is something to know about the files.');
  if (count === 0) return trans.__('Everything is up to date.');
  return trans._n('Up to date: %1 file changed.', 'Up to date: %1 files changed.', count);
}

/** Say who can mend an error. */
export function mender(who: string, trans: TranslationBundle): string {
  const menders: Record<string, string> = {
    you: trans.__('You can mend this yourself.'),
    author: trans.__('Whoever gave you the link can mend this.'),
    admin: trans.__('The people who run this server can mend this.'),
    network: trans.__('Usually this passes; try again in a few minutes.')
  };
  return menders[who] ?? '';
}

/** Give a moment in the reader's own way of writing it. */
export function moment(when: Date): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(when);
}
