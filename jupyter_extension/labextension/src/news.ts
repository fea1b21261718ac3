/** Looks for news now and then, never while nobody is looking. */

import { IDisposable } from '@lumino/disposable';

const MINUTE = 60_000;
/** How far a moment may lie from the middle, as a share of the interval. */
const SPREAD = 0.5;
const MOST_PATIENCE = 8;

export class NewsWatch implements IDisposable {
  /**
   * @param minutes about how long to wait between two looks
   * @param look asks whether there is news
   */
  constructor(
    minutes: number,
    private readonly look: () => Promise<void>
  ) {
    this.interval = minutes * MINUTE;
    this.wait();
  }

  get isDisposed(): boolean {
    return this.ended;
  }

  dispose(): void {
    this.ended = true;
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.whenSeen);
  }

  /** Wait for a moment of chance, so that a class that began together does not ask together. */
  private wait(): void {
    const factor = 1 - SPREAD + Math.random() * 2 * SPREAD;
    this.timer = setTimeout(() => this.due(), this.interval * this.patience * factor);
  }

  private due(): void {
    if (document.hidden) {
      document.addEventListener('visibilitychange', this.whenSeen);
    } else {
      const well = () => (this.patience = 1);
      // Nobody asked for it, so nobody is told; a remote in trouble is asked less often.
      const badly = () => (this.patience = Math.min(MOST_PATIENCE, 2 * this.patience));
      void this.look().then(well, badly).finally(() => !this.ended && this.wait());
    }
  }

  private readonly whenSeen = (): void => {
    if (document.hidden) return;
    document.removeEventListener('visibilitychange', this.whenSeen);
    this.due();
  };

  private readonly interval: number;
  private patience = 1;
  private ended = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
}
