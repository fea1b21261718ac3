/** The side panel: what is mine, what is new, what the last sync did, and the ways back. */

import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { Failure } from './api';
import { Course, Doing, View } from './course';
import { Button } from './parts';
import { LastSync, Link, Mine, Points, Upstream } from './sections';
import { mender, share, step } from './words';

/** What the panel asks of Jupyter. */
export interface Tools {
  trans: TranslationBundle;
  /** Sync the workspace that is shown. */
  sync: () => void;
  look: () => void;
  cancel: () => void;
  /** Open a file of the workspace. */
  open: (path: string) => void;
  /** Show a folder. */
  show: (path: string) => void;
  /** Put the teacher's version in place, after asking. */
  take: (path: string) => void;
  /** Put the version as it came in place, after asking. */
  startOver: (path: string) => void;
  restore: (id: string, when: string) => void;
  /** The file that is looked at, from the server's root; null where there is none. */
  current: () => string | null;
  link: (path: string) => Promise<{ url: string; shared: boolean }>;
  copy: (text: string) => void;
}

export class CoursePanel extends ReactWidget {
  constructor(
    private readonly course: Course,
    private readonly tools: Tools
  ) {
    super();
    this.addClass('nbpull-Panel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', tools.trans.__('Course files'));
  }

  protected render(): React.ReactElement {
    return (
      <UseSignal signal={this.course.changed} initialArgs={this.course.view}>
        {(_, view) => <Panel view={view ?? this.course.view} tools={this.tools} />}
      </UseSignal>
    );
  }
}

function Panel({ view, tools }: { view: View; tools: Tools }): React.ReactElement {
  const { trans } = tools;
  const { status, doing, failure } = view;
  const busy = doing !== null;
  return (
    <div className="nbpull-Content" aria-busy={busy}>
      <h1>{status?.workspace ?? trans.__('Course files')}</h1>
      {status ? <Where view={view} tools={tools} /> : <Elsewhere view={view} tools={tools} />}
      {status ? (
        <div className="nbpull-Actions">
          <Button primary label={trans.__('Sync now')} onClick={tools.sync} disabled={busy} />
          <Button label={trans.__('What is new?')} onClick={tools.look} disabled={busy} />
          {doing?.what === 'sync' ? <Button label={trans.__('Cancel')} onClick={tools.cancel} /> : null}
        </div>
      ) : null}
      <Activity doing={doing} trans={trans} />
      <Trouble failure={failure} trans={trans} />
      {status ? (
        <>
          <Upstream view={view} tools={tools} />
          <LastSync view={view} tools={tools} />
          <Mine view={view} tools={tools} />
          <Link view={view} tools={tools} />
          <Points view={view} tools={tools} />
        </>
      ) : null}
    </div>
  );
}

function Where({ view, tools }: { view: View; tools: Tools }): React.ReactElement | null {
  const { status } = view;
  if (!status?.repo) return null;
  const { trans } = tools;
  return (
    <p className="nbpull-Quiet">
      <bdi>{status.branch ? trans.__('%1, branch %2', status.repo, status.branch) : status.repo}</bdi>
    </p>
  );
}

function Elsewhere({ view, tools }: { view: View; tools: Tools }): React.ReactElement {
  const { trans } = tools;
  if (view.below.length === 0) {
    const said = trans.__(
      'The folder that is shown holds no course files. Click a course’s link to bring them here.'
    );
    return <p>{said}</p>;
  }
  return (
    <>
      <p>{trans.__('Courses in this folder:')}</p>
      <ul className="nbpull-Rows">
        {view.below.map(path => (
          <li key={path}>
            <button type="button" className="nbpull-Path" onClick={() => tools.show(path)}>
              <bdi>{path}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What is going on; it stays in the page, so that a screen reader hears of every change. */
function Activity(props: { doing: Doing | null; trans: TranslationBundle }): React.ReactElement {
  const { doing, trans } = props;
  const done = share(doing?.progress ?? null);
  return (
    <div className="nbpull-Activity">
      <p role="status">{doing ? step(doing, trans) : ''}</p>
      {doing ? <progress aria-label={trans.__('Progress')} max={1} {...(done === null ? {} : { value: done })} /> : null}
    </div>
  );
}

function Trouble(props: { failure: Failure | null; trans: TranslationBundle }): React.ReactElement {
  const { failure, trans } = props;
  return (
    <div role="alert" className={failure ? 'nbpull-Trouble' : ''}>
      {failure ? (
        <>
          <p>{failure.message}</p>
          {failure.hint ? <p>{failure.hint}</p> : null}
          <p className="nbpull-Quiet">{mender(failure.who, trans)}</p>
        </>
      ) : null}
    </div>
  );
}
