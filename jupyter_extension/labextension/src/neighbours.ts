/**
 * Other tabs of this browser on the same server: what one of them is about to change on the disk,
 * the others save first and show anew afterwards. The page that a link opens takes part too
 * (`static/neighbours.js` of the server extension).
 */

import { DisposableDelegate, IDisposable } from '@lumino/disposable';

type Message = { kind: 'before' | 'after' | 'here' | 'ready'; id: string; workspace?: string };

/** How long a tab has to say that it is there, and to have saved, in milliseconds. */
const ANSWER = 300;
const PATIENCE = 10_000;

export class Neighbours {
  constructor(baseUrl: string) {
    this.name = `nbpull:${new URL(baseUrl, location.href).pathname}`;
    this.channel = new BroadcastChannel(this.name);
  }

  /** Be there for the other tabs: save before they change something, look again after it. */
  listen(before: (workspace: string) => Promise<void>, after: (workspace: string) => void): IDisposable {
    const mark = `${this.name}:${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
    const come = () => localStorage.setItem(mark, '1');
    const go = () => localStorage.removeItem(mark);
    const heed = ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'before') {
        this.say({ kind: 'here', id: data.id });
        const ready = () => this.say({ kind: 'ready', id: data.id });
        void before(data.workspace ?? '').then(ready, ready);
      } else if (data.kind === 'after') {
        after(data.workspace ?? '');
      }
    };
    come();
    this.channel.addEventListener('message', heed);
    window.addEventListener('pageshow', come);
    window.addEventListener('pagehide', go);
    return new DisposableDelegate(() => {
      go();
      this.channel.removeEventListener('message', heed);
      window.removeEventListener('pageshow', come);
      window.removeEventListener('pagehide', go);
    });
  }

  /** Wait until the other tabs have saved what they have of a workspace. */
  before(workspace: string): Promise<void> {
    const id = crypto.getRandomValues(new Uint32Array(2)).join('');
    return new Promise(resolve => {
      let waiting = 0;
      let timer = setTimeout(done, ANSWER);
      const heed = ({ data }: MessageEvent<Message>) => {
        if (data.id !== id) return;
        if (data.kind === 'here') {
          waiting += 1;
          clearTimeout(timer);
          timer = setTimeout(done, PATIENCE);
        } else if (data.kind === 'ready' && --waiting === 0) {
          done();
        }
      };
      const channel = this.channel;
      function done() {
        clearTimeout(timer);
        channel.removeEventListener('message', heed);
        resolve();
      }
      if (this.alone) {
        done();
        return;
      }
      channel.addEventListener('message', heed);
      this.say({ kind: 'before', id, workspace });
    });
  }

  /** Tell the other tabs that a workspace has changed on the disk. */
  after(workspace: string): void {
    this.say({ kind: 'after', id: '', workspace });
  }

  private get alone(): boolean {
    return Object.keys(localStorage).filter(key => key.startsWith(`${this.name}:`)).length < 2;
  }

  private say(message: Message): void {
    this.channel.postMessage(message);
  }

  private readonly name: string;
  private readonly channel: BroadcastChannel;
}
