/** The commands: for the palette, the menus, and whoever builds on them. */

import { ICommandPalette } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { Actions } from './actions';
import { Course } from './course';
import { courseIcon } from './icon';

export const COMMANDS = {
  openPanel: 'nbpull:open-panel',
  openLink: 'nbpull:open-link',
  sync: 'nbpull:sync',
  look: 'nbpull:look',
  makeLink: 'nbpull:make-link',
  startOver: 'nbpull:start-over'
} as const;

export interface Surroundings {
  course: Course;
  actions: Actions;
  trans: TranslationBundle;
  openPanel: () => void;
  /** The file or folder that is meant, from the server's root. */
  meant: () => string | null;
}

export function addCommands(
  commands: CommandRegistry,
  palette: ICommandPalette | null,
  around: Surroundings
): void {
  const { course, actions, trans, openPanel } = around;
  const path = (args: ReadonlyPartialJSONObject) =>
    typeof args['path'] === 'string' ? args['path'] : around.meant();
  const inCourse = () => course.workspace !== null;
  const idle = () => inCourse() && course.view.doing === null;

  commands.addCommand(COMMANDS.openPanel, {
    label: trans.__('Course Files'),
    caption: trans.__('Show what is yours, what is new, and the earlier states'),
    icon: courseIcon,
    execute: openPanel
  });
  commands.addCommand(COMMANDS.sync, {
    label: trans.__('Sync Course Files Now'),
    icon: courseIcon,
    isEnabled: idle,
    isVisible: inCourse,
    execute: () => actions.sync()
  });
  commands.addCommand(COMMANDS.look, {
    label: trans.__('See What Is New in the Course'),
    isEnabled: idle,
    execute: () => {
      openPanel();
      return course.look();
    }
  });
  commands.addCommand(COMMANDS.makeLink, {
    label: trans.__('Copy Course Link'),
    caption: trans.__('Copy a link that brings the course files and opens this one'),
    icon: courseIcon,
    isVisible: args => course.inside(path(args)) !== null,
    execute: async args => {
      const file = path(args);
      if (file !== null) await actions.copyLink(file);
    }
  });
  commands.addCommand(COMMANDS.startOver, {
    label: trans.__('Start This File Over…'),
    caption: trans.__('Put the version that the last sync brought in place of yours, which is kept'),
    isEnabled: idle,
    isVisible: args => course.inside(path(args)) !== null,
    execute: async args => {
      const file = course.inside(path(args));
      if (file !== null) await actions.take(file, trans.__('Start this file over?'));
    }
  });
  commands.addCommand(COMMANDS.openLink, {
    label: trans.__('Open a Course Link'),
    execute: async args => {
      if (typeof args['query'] === 'string') await actions.openLink(args['query']);
    }
  });
  const category = trans.__('Course Files');
  for (const command of [COMMANDS.openPanel, COMMANDS.sync, COMMANDS.look, COMMANDS.makeLink, COMMANDS.startOver]) {
    palette?.addItem({ command, category });
  }
}
