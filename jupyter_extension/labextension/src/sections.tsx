/** The sections of the panel. */

import * as React from 'react';

import { Outcome } from './api';
import { View } from './course';
import type { Tools } from './panel';
import { Button, Row, Rows, Section } from './parts';
import { forecast, moment, NOTABLE, outcome } from './words';

interface Props {
  view: View;
  tools: Tools;
}

const SECOND = 1000;
/** A commit's full name, which says no more to a reader than its beginning. */
const COMMIT = /\b([0-9a-f]{7})[0-9a-f]{33}\b/g;

/** What a sync would bring. */
export function Upstream({ view, tools }: Props): React.ReactElement | null {
  const { trans } = tools;
  const files = view.preview?.files ?? [];
  if (files.length > 0) {
    const rows = files.map(file => ({ path: file.path, said: forecast(file, trans) }));
    return (
      <Section title={trans.__('New from the teacher')}>
        <Files rows={rows} tools={tools} view={view} />
      </Section>
    );
  }
  if (view.news === null) return null;
  return (
    <Section title={trans.__('New from the teacher')}>
      <p>
        {view.news && view.preview === null
          ? trans.__('There is something new. Sync to get it.')
          : trans.__('Nothing. You have the newest version.')}
      </p>
    </Section>
  );
}

/** What the last sync did, as long as it is the last one that did something. */
export function LastSync({ view, tools }: Props): React.ReactElement | null {
  const { trans } = tools;
  const last = view.status?.last;
  if (!last) return null;
  const files = [...(last.report?.files ?? [])].sort((a, b) => weight(a) - weight(b));
  const rows = files.map(file => row(file, tools));
  const notes = last.report?.notes ?? [];
  return (
    <Section title={trans.__('Last sync')}>
      <p className="nbpull-Quiet">{moment(new Date(last.ended * SECOND))}</p>
      {rows.length > 0 || notes.length > 0 ? <Changes last={last.changed} ended={last.ended} tools={tools} /> : null}
      {rows.length > 0 ? (
        <Files rows={rows} tools={tools} view={view} open />
      ) : (
        <p>{last.report?.status === 'cloned' ? trans.__('It brought everything.') : trans.__('It changed no file.')}</p>
      )}
      {notes.map(note => <p key={note}>{note}</p>)}
    </Section>
  );
}

function Changes(props: { last: number | null; ended: number; tools: Tools }): React.ReactElement | null {
  const { last, ended, tools } = props;
  if (last === null || last === ended) return null;
  const when = moment(new Date(last * SECOND));
  return <p>{tools.trans.__('Nothing new came then. The last changes, of %1:', when)}</p>;
}

function row(file: Outcome, tools: Tools): Row {
  const { trans } = tools;
  const made: Row = { path: file.path, said: outcome(file, trans), more: <Difference file={file} tools={tools} /> };
  if (file.outcome === 'removed') made.gone = true;
  if (file.outcome === 'kept-yours') {
    const name = trans.__('Take the teacher’s version of %1', file.path);
    made.actions = [{ label: trans.__('Take the teacher’s version'), name, act: () => tools.take(file.path) }];
  }
  return made;
}

function Difference({ file, tools }: { file: Outcome; tools: Tools }): React.ReactElement | null {
  const { trans } = tools;
  const cells = (file.cells ?? []).filter(cell => cell.action === 'not-taken');
  const hunks = file.hunks ?? [];
  if (hunks.length === 0 && cells.length === 0) return null;
  return (
    <details>
      <summary>{trans.__('What the teacher changed there')}</summary>
      {hunks.map((hunk, number) => (
        <dl key={number}>
          <dt>{trans.__('Line %1, yours', hunk.line)}</dt>
          <dd>
            <pre>{hunk.ours}</pre>
          </dd>
          <dt>{trans.__('The teacher’s')}</dt>
          <dd>
            <pre>{hunk.theirs}</pre>
          </dd>
        </dl>
      ))}
      {cells.map((cell, number) => (
        <pre key={number}>{cell.first_line}</pre>
      ))}
    </details>
  );
}

/** What is the learner's. */
export function Mine({ view, tools }: Props): React.ReactElement {
  const { trans } = tools;
  const { changed = [], deleted = [], own = [] } = view.status ?? {};
  const again = trans.__('Start over');
  const rows: Row[] = [
    ...changed.map(path => ({
      path,
      said: trans.__('changed by you'),
      actions: [{ label: again, name: trans.__('Start %1 over', path), act: () => tools.startOver(path) }]
    })),
    ...deleted.map(path => ({
      path,
      gone: true,
      said: trans.__('deleted by you'),
      actions: [
        { label: trans.__('Bring back'), name: trans.__('Bring %1 back', path), act: () => tools.startOver(path) }
      ]
    })),
    ...own.map(path => ({ path, said: trans.__('yours alone') }))
  ];
  return (
    <Section title={trans.__('Yours')}>
      {rows.length > 0 ? (
        <Files rows={rows} tools={tools} view={view} open />
      ) : (
        <p>{trans.__('You have changed nothing yet.')}</p>
      )}
    </Section>
  );
}

/** A link to the file that is looked at. */
export function Link({ view, tools }: Props): React.ReactElement {
  const { trans } = tools;
  const [made, setMade] = React.useState<{ url: string; shared: boolean } | null>(null);
  const [said, setSaid] = React.useState('');
  const id = React.useId();
  const workspace = view.status?.workspace ?? '';
  React.useEffect(() => setMade(null), [workspace]);
  const make = async () => {
    setSaid('');
    try {
      setMade(await tools.link(tools.current() ?? workspace));
    } catch (error) {
      setMade(null);
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  const copy = () => {
    if (made) tools.copy(made.url);
    setSaid(trans.__('Copied.'));
  };
  return (
    <Section title={trans.__('Share')}>
      <Button label={trans.__('Make a link to this file')} onClick={() => void make()} />
      {made ? (
        <div className="nbpull-Link">
          <label htmlFor={id}>{trans.__('Whoever clicks it gets the course files and opens this one:')}</label>
          <input id={id} type="text" readOnly value={made.url} onFocus={event => event.target.select()} />
          <Button label={trans.__('Copy the link')} onClick={copy} />
          {made.shared ? null : (
            <p>{trans.__('This file is yours alone: it is not in the course, so the link cannot bring it.')}</p>
          )}
        </div>
      ) : null}
      <p role="status">{said}</p>
    </Section>
  );
}

/** The ways back. */
export function Points({ view, tools }: Props): React.ReactElement {
  const { trans } = tools;
  const points = view.status?.restore_points ?? [];
  return (
    <Section title={trans.__('Earlier states')}>
      {points.length === 0 ? <p>{trans.__('None yet. One is kept before a sync touches your work.')}</p> : null}
      <ul className="nbpull-Rows">
        {points.map(({ id, created, why }) => {
          const when = moment(new Date(created));
          return (
            <li key={id}>
              <div className="nbpull-Row">
                <span>{when}</span>
                <Button
                  label={trans.__('Go back')}
                  name={trans.__('Go back to the state of %1', when)}
                  onClick={() => tools.restore(id, when)}
                  disabled={view.doing !== null}
                />
              </div>
              <p className="nbpull-Quiet">{why.replace(COMMIT, '$1')}</p>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Files(props: Props & { rows: Row[]; open?: boolean }): React.ReactElement {
  const { rows, tools, view } = props;
  const more = (count: number) => tools.trans._n('and %1 more', 'and %1 more', count);
  const open = props.open ? tools.open : undefined;
  return <Rows rows={rows} more={more} open={open} busy={view.doing !== null} />;
}

function weight(file: Outcome): number {
  const place = NOTABLE.indexOf(file.outcome);
  return place < 0 ? NOTABLE.length : place;
}
