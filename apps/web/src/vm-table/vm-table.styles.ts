import { makeStyles, tokens } from '@fluentui/react-components';

/** A dense row, as in the console's other lists, in pixels. */
export const rowHeight = 32;
export const cardHeight = 92;

const focused = {
  ':focus-visible': {
    outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
    outlineOffset: '-2px',
  },
};
const line = { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke3}` };

export const useRowStyles = makeStyles({
  row: {
    display: 'grid',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'center',
    boxSizing: 'border-box',
    padding: `0 ${tokens.spacingHorizontalXL}`,
    ...line,
    ...focused,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  card: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignContent: 'center',
    rowGap: tokens.spacingVerticalXXS,
    boxSizing: 'border-box',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXL}`,
    ...line,
    ...focused,
  },
  header: {
    display: 'grid',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'center',
    height: `${rowHeight}px`,
    padding: `0 ${tokens.spacingHorizontalXL}`,
    position: 'sticky',
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    ...line,
  },
  stale: { color: tokens.colorNeutralForeground3 },
  cell: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  number: { fontVariantNumeric: 'tabular-nums', textAlign: 'right' },
  name: { fontWeight: tokens.fontWeightSemibold },
  skeleton: { gridColumn: '1 / -1' },
  cardName: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  cardActions: { gridRow: '1 / span 2', gridColumn: 2 },
  cardState: { minWidth: 0 },
  cardFacts: {
    gridColumn: '1 / -1',
    display: 'flex',
    gap: tokens.spacingHorizontalL,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
  },
});
