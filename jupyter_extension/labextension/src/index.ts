/** nbpull in JupyterLab and Notebook 7. */

import {
  ILabShell,
  ILayoutRestorer,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Clipboard, ICommandPalette } from '@jupyterlab/apputils';
import { PageConfig } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IDefaultFileBrowser, IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { IDisposable } from '@lumino/disposable';

import { Actions } from './actions';
import { Api } from './api';
import { addCommands } from './commands';
import { Course } from './course';
import { Documents, localPath } from './documents';
import { courseIcon } from './icon';
import { catchLinks, Here } from './links';
import { Neighbours } from './neighbours';
import { NewsWatch } from './news';
import { Notices } from './notices';
import { CoursePanel } from './panel';

const ID = 'nbpull:plugin';
const PANEL = 'nbpull-panel';
const RANK = 150;

const plugin: JupyterFrontEndPlugin<void> = {
  id: ID,
  description: 'Course files: sync, what is mine, what is new, the way back.',
  autoStart: true,
  requires: [IDocumentManager],
  optional: [
    ILabShell,
    ICommandPalette,
    IDefaultFileBrowser,
    IFileBrowserFactory,
    ILayoutRestorer,
    ISettingRegistry,
    ITranslator
  ],
  activate
};

function activate(
  app: JupyterFrontEnd,
  manager: IDocumentManager,
  labShell: ILabShell | null,
  palette: ICommandPalette | null,
  browser: IDefaultFileBrowser | null,
  browsers: IFileBrowserFactory | null,
  restorer: ILayoutRestorer | null,
  registry: ISettingRegistry | null,
  translator: ITranslator | null
): void {
  const { commands, shell } = app;
  const { contents, serverSettings } = app.serviceManager;
  const trans = (translator ?? nullTranslator).load('nbpull');
  const documents = new Documents(shell, manager);
  const neighbours = new Neighbours(serverSettings.baseUrl);
  const course = new Course(new Api(serverSettings), documents, neighbours);
  const openPanel = () => shell.activateById(PANEL);
  const notices = new Notices(trans, openPanel);
  const name = labShell ? 'lab' : 'notebook';
  const jupyter = { commands, contents, baseUrl: serverSettings.baseUrl, app: name, openPanel };
  const actions = new Actions(course, notices, jupyter, trans);
  const current = () => documents.pathOf(shell.currentWidget);
  const selected = () => {
    const items = browsers?.tracker.currentWidget?.selectedItems();
    const first = items?.next();
    return first && !first.done ? localPath(first.value.path, contents) : null;
  };

  const panel = new CoursePanel(course, {
    trans,
    current,
    sync: () => void actions.sync(),
    look: () => void course.look(),
    cancel: () => void course.cancel(),
    open: path => void open(`${course.workspace}/${path}`),
    show: path => void (browser ? browser.model.cd(`/${path}`) : course.show(path)),
    take: path => void actions.take(path, trans.__('Take the teacher’s version?')),
    startOver: path => void actions.take(path, trans.__('Start this file over?')),
    restore: (id, when) => void actions.restore(id, when),
    link: path => course.link(path, name),
    copy: text => Clipboard.copyToSystem(text)
  });
  panel.id = PANEL;
  panel.title.icon = courseIcon;
  panel.title.caption = trans.__('Course files');
  shell.add(panel, 'left', { rank: RANK });
  restorer?.add(panel, PANEL);
  addCommands(commands, palette, {
    course,
    actions,
    trans,
    openPanel,
    meant: () => selected() ?? current()
  });

  async function open(path: string): Promise<void> {
    const folder = path.endsWith('/');
    const command = folder ? 'filebrowser:open-path' : 'docmanager:open';
    await commands.execute(command, { path: folder ? path.slice(0, -1) : path });
  }

  follow();
  neighbours.listen(
    workspace => course.save(workspace),
    workspace => void course.reload(workspace)
  );
  void app.restored.then(settle);

  /** Show the workspace of whatever was turned to last: a folder, or a document. */
  function follow(): void {
    const show = (path: string) => void course.show(localPath(path, contents));
    if (browser) {
      browser.model.pathChanged.connect((_, { newValue }) => show(newValue));
    }
    void app.restored.then(() => show(current() ?? browser?.model.path ?? ''));
    shell.currentChanged?.connect(() => {
      const path = current();
      if (path !== null) show(path);
    });
    contents.fileChanged.connect((_, { type, newValue }) => {
      const path = newValue?.path;
      const own = path !== undefined && course.inside(localPath(path, contents)) !== null;
      if (own && type === 'save' && course.view.doing === null) void course.refresh();
    });
  }

  /** Do what the settings say, and do it anew when they change. */
  async function settle(): Promise<void> {
    const settings = await registry?.load(ID).catch(() => undefined);
    let running: IDisposable[] = [];
    const apply = () => {
      running.forEach(it => it.dispose());
      running = [];
      // Notebook 7 has a page for each document, so a link's own page is as good there.
      if (labShell && settings?.composite['openLinksHere'] !== false) {
        running.push(catchLinks(here(serverSettings.baseUrl), query => void actions.openLink(query)));
      }
      if (settings?.composite['lookForNews'] === true) {
        running.push(new NewsWatch(Number(settings.composite['minutesBetween']), lookForNews));
      }
    };
    settings?.changed.connect(apply);
    apply();
  }

  async function lookForNews(): Promise<void> {
    const known = course.view.news === true;
    if ((await course.hasNews()) && !known) notices.news(() => void actions.sync());
  }
}

function here(baseUrl: string): Here {
  return {
    baseUrl,
    hubPrefix: PageConfig.getOption('hubPrefix'),
    hubHost: PageConfig.getOption('hubHost'),
    serverName: PageConfig.getOption('hubServerName')
  };
}

export default plugin;
