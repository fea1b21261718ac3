/** What is said beside the panel: progress of a link that was clicked, its end, and news. */

import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';

import { Failure, Report } from './api';
import { ending } from './words';

const SHORTLY = 5000;

export class Notices {
  constructor(
    private readonly trans: TranslationBundle,
    private readonly openPanel: () => void
  ) {}

  /** Say that files are on their way; gives what says how that ended, or takes it back. */
  syncing(): { ended: (report: Report | null) => void; dismiss: () => void } {
    const message = this.trans.__('Getting the newest course files…');
    const id = Notification.emit(message, 'in-progress', { autoClose: false });
    const ended = (report: Report | null) => {
      const message = ending(report, this.trans);
      Notification.update({ id, message, type: 'success', autoClose: SHORTLY });
    };
    return { ended, dismiss: () => Notification.dismiss(id) };
  }

  /** Say what went wrong, and where more can be done about it. */
  failed(failure: Failure, page: string | null): void {
    const actions = [];
    if (page !== null) {
      const label = this.trans.__('What can be done');
      actions.push({ label, callback: () => void window.open(page, '_blank', 'noopener') });
    }
    Notification.error(failure.message, { autoClose: false, actions });
  }

  /** Say that there is something new; once until it was got. */
  news(sync: () => void): void {
    const label = this.trans.__('Sync now');
    Notification.info(this.trans.__('Your teacher has published something new.'), {
      autoClose: false,
      actions: [{ label, displayType: 'accent', callback: sync }, this.details()]
    });
  }

  said(message: string): void {
    Notification.success(message, { autoClose: SHORTLY });
  }

  /** Ask before something is done. */
  async sure(title: string, body: string, yes: string): Promise<boolean> {
    const buttons = [Dialog.cancelButton(), Dialog.okButton({ label: yes })];
    return (await showDialog({ title, body, buttons, defaultButton: 0 })).button.accept;
  }

  private details(): Notification.IAction {
    return { label: this.trans.__('Show'), callback: this.openPanel };
  }
}
