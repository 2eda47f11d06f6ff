import { Caption1Strong, makeStyles, tokens } from '@fluentui/react-components';
import { useId, useLayoutEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  list: {
    maxHeight: '12rem',
    overflowY: 'auto',
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalXL,
    overflowWrap: 'anywhere',
  },
  more: { color: tokens.colorNeutralForeground3 },
});

/** An entry of a list of names. */
export interface ListedName {
  readonly key: string;
  readonly name: string;
  /** A remark beside the name. */
  readonly more?: string;
  /** Details below the name. */
  readonly details?: ReactNode;
}

/** A titled list of things in a form, each with a remark. */
export function NameList({
  title,
  names,
}: {
  readonly title: string;
  readonly names: readonly ListedName[];
}): ReactElement {
  const styles = useStyles();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    setScrolls(list.current !== null && list.current.scrollHeight > list.current.clientHeight);
  }, [names]);
  return (
    <div className={styles.root}>
      <Caption1Strong id={id}>{title}</Caption1Strong>
      {/* If it scrolls, it must be reachable by keyboard. */}
      <ul ref={list} className={styles.list} aria-labelledby={id} tabIndex={scrolls ? 0 : undefined}>
        {names.map(({ key, name, more, details }) => (
          <li key={key}>
            {name}
            {more !== undefined && <span className={styles.more}> {more}</span>}
            {details}
          </li>
        ))}
      </ul>
    </div>
  );
}
