import { Caption1Strong, makeStyles, tokens } from '@fluentui/react-components';
import { useId, type ReactElement } from 'react';

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

/** A titled list of things in a form, each with a remark. */
export function NameList({
  title,
  names,
}: {
  readonly title: string;
  readonly names: readonly { readonly key: string; readonly name: string; readonly more?: string }[];
}): ReactElement {
  const styles = useStyles();
  const id = useId();
  return (
    <div className={styles.root}>
      <Caption1Strong id={id}>{title}</Caption1Strong>
      {/* It may scroll, so it must be reachable by keyboard. */}
      <ul className={styles.list} aria-labelledby={id} tabIndex={names.length > 6 ? 0 : undefined}>
        {names.map(({ key, name, more }) => (
          <li key={key}>
            {name}
            {more !== undefined && <span className={styles.more}> {more}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
