/** The documents that are open: saved before their files change, shown anew afterwards. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { Contents, ServerConnection } from '@jupyterlab/services';
import { Widget } from '@lumino/widgets';

const AREAS = ['main', 'left', 'right', 'down'];
const GONE = 404;

/** Give the path of a file as the server knows it: from its root, without a drive's name. */
export function localPath(path: string, contents: Contents.IManager): string {
  return contents.localPath(path).replace(/^\/+/, '');
}

export class Documents {
  constructor(
    private readonly shell: JupyterFrontEnd.IShell,
    private readonly manager: IDocumentManager
  ) {}

  /** Save what is not saved of the documents in a folder; throws where one cannot be. */
  async save(folder: string): Promise<void> {
    for (const context of this.open(folder)) {
      await context.ready;
      // With collaboration the server saves by itself, a moment after the last key.
      if (!context.model.readOnly && (context.model.dirty || context.model.collaborative)) {
        await context.save();
      }
    }
  }

  /**
   * Show what is on the disk now, where it is another than what is open.
   *
   * @param moved the new path of each file that moved, from the server's root
   */
  async reload(folder: string, moved: ReadonlyMap<string, string> = new Map()): Promise<void> {
    for (const context of this.open(folder)) {
      try {
        if (await this.changed(context)) await context.revert();
      } catch (error) {
        if (!isGone(error)) throw error;
        await this.follow(context, moved);
      }
    }
  }

  /** Give the path of a document, null where a widget is none. */
  pathOf(widget: Widget | null): string | null {
    const context = widget && this.manager.contextForWidget(widget);
    return context ? this.local(context.path) : null;
  }

  private async changed(context: DocumentRegistry.Context): Promise<boolean> {
    const known = context.contentsModel;
    const contents = this.manager.services.contents;
    const hashed = known?.hash !== undefined && known?.hash !== null;
    const disk = await contents.get(context.path, { content: false, hash: hashed });
    if (hashed && disk.hash) return disk.hash !== known.hash;
    return disk.last_modified !== known?.last_modified;
  }

  /** Open what a document became, and close what is no more. */
  private async follow(
    context: DocumentRegistry.Context,
    moved: ReadonlyMap<string, string>
  ): Promise<void> {
    const path = context.path;
    const to = moved.get(this.local(path));
    if (to !== undefined) {
      const drive = path.slice(0, path.length - this.local(path).length);
      this.manager.openOrReveal(drive + to);
    }
    await this.manager.closeFile(path);
  }

  private open(folder: string): DocumentRegistry.Context[] {
    return [...this.contexts()].filter(context => {
      const relative = PathExt.relative(folder, this.local(context.path));
      return !context.isDisposed && relative !== '..' && !relative.startsWith('../');
    });
  }

  private contexts(): Set<DocumentRegistry.Context> {
    const found = new Set<DocumentRegistry.Context>();
    for (const area of AREAS) {
      for (const widget of widgetsIn(this.shell, area)) {
        const context = this.manager.contextForWidget(widget);
        if (context) found.add(context);
      }
    }
    return found;
  }

  private local(path: string): string {
    return localPath(path, this.manager.services.contents);
  }
}

function widgetsIn(shell: JupyterFrontEnd.IShell, area: string): Iterable<Widget> {
  try {
    return shell.widgets(area);
  } catch {
    // Not every version lists every area.
    return [];
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ServerConnection.ResponseError && error.response.status === GONE;
}
