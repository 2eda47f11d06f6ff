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
// A shadow instead of a border: the buttons of a row use its full height.
const line = { boxShadow: `inset 0 calc(-1 * ${tokens.strokeWidthThin}) ${tokens.colorNeutralStroke3}` };

export const useRowStyles = makeStyles({
  row: {
    display: 'grid',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'center',
    boxSizing: 'border-box',
    padding: `0 ${tokens.spacingHorizontalXL} 0 ${tokens.spacingHorizontalM}`,
    ...line,
    ...focused,
    // In the dark theme, links on the usual hover color have too little contrast.
    ':hover': { backgroundColor: tokens.colorNeutralBackground3 },
  },
  card: {
    display: 'grid',
    gridTemplateColumns: '44px minmax(0, 1fr) auto',
    alignContent: 'center',
    rowGap: tokens.spacingVerticalXXS,
    boxSizing: 'border-box',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL} ${tokens.spacingVerticalS} 0`,
    ...line,
    ...focused,
  },
  header: {
    display: 'grid',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'center',
    height: `${rowHeight}px`,
    padding: `0 ${tokens.spacingHorizontalXL} 0 ${tokens.spacingHorizontalM}`,
    position: 'sticky',
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    ...line,
  },
  selected: {
    backgroundColor: tokens.colorBrandBackground2,
    ':hover': { backgroundColor: tokens.colorBrandBackground2 },
  },
  stale: { color: tokens.colorNeutralForeground3 },
  cell: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  number: { fontVariantNumeric: 'tabular-nums', textAlign: 'right' },
  nameCell: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, minWidth: 0 },
  name: { fontWeight: tokens.fontWeightSemibold },
  skeleton: { gridColumn: '1 / -1' },
  cardName: {
    gridColumn: 2,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  cardSelect: { gridRow: '1 / span 3', gridColumn: 1, alignSelf: 'center' },
  cardActions: { gridRow: '1 / span 2', gridColumn: 3 },
  cardState: { minWidth: 0, gridColumn: 2 },
  cardFacts: {
    gridColumn: '2 / -1',
    display: 'flex',
    gap: tokens.spacingHorizontalL,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
  },
});
