/** The parts of the panel that know nothing of workspaces. */

import * as React from 'react';

export function Button(props: {
  label: string;
  onClick: () => void;
  /** What a screen reader says, where the label alone does not tell. */
  name?: string;
  primary?: boolean;
  disabled?: boolean;
}): React.ReactElement {
  return (
    <button
      type="button"
      className={`nbpull-Button${props.primary ? ' nbpull-mod-primary' : ''}`}
      aria-label={props.name}
      // Not `disabled`: the focus would be lost with it.
      aria-disabled={props.disabled ?? false}
      onClick={() => !props.disabled && props.onClick()}
    >
      {props.label}
    </button>
  );
}

export function Section(props: {
  title: string;
  children: React.ReactNode;
}): React.ReactElement {
  const id = React.useId();
  return (
    <section className="nbpull-Section" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** Files, each with what is said of it and what can be done with it. */
export interface Row {
  path: string;
  said?: string;
  /** Whether it is not there any more, so that nothing can open it. */
  gone?: boolean;
  more?: React.ReactNode;
  actions?: { label: string; name: string; act: () => void }[];
}

const MOST_ROWS = 100;

export function Rows(props: {
  rows: Row[];
  more: (count: number) => string;
  open?: ((path: string) => void) | undefined;
  busy: boolean;
}): React.ReactElement {
  const { rows, open } = props;
  return (
    <>
      <ul className="nbpull-Rows">
        {rows.slice(0, MOST_ROWS).map(row => (
          <li key={row.path}>
            {open && !row.gone ? (
              <button type="button" className="nbpull-Path" onClick={() => open(row.path)}>
                <bdi>{row.path}</bdi>
              </button>
            ) : (
              <bdi className="nbpull-Path">{row.path}</bdi>
            )}
            {row.said ? <p className="nbpull-Quiet">{row.said}</p> : null}
            {row.more}
            {row.actions?.map(({ label, name, act }) => (
              <Button key={label} label={label} name={name} onClick={act} disabled={props.busy} />
            ))}
          </li>
        ))}
      </ul>
      {rows.length > MOST_ROWS ? (
        <p className="nbpull-Quiet">{props.more(rows.length - MOST_ROWS)}</p>
      ) : null}
    </>
  );
}
