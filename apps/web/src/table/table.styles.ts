import { makeStyles, tokens } from '@fluentui/react-components';

/** The height of a row, as in the console's other lists, in pixels. */
export const rowHeight = 32;

const focused = {
  ':focus-visible': {
    outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
    outlineOffset: '-2px',
  },
};
const line = { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke3}` };

export const useTableStyles = makeStyles({
  scroller: {
    flexGrow: 1,
    minHeight: 0,
    overflow: 'auto',
    backgroundColor: tokens.colorNeutralBackground1,
  },
  rows: { position: 'relative', minWidth: 0 },
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
    boxSizing: 'border-box',
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXL}`,
    overflow: 'hidden',
    ...line,
    ...focused,
  },
  header: {
    display: 'grid',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'center',
    height: `${rowHeight}px`,
    boxSizing: 'border-box',
    padding: `0 ${tokens.spacingHorizontalXL}`,
    position: 'sticky',
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground1,
    ...line,
  },
  /** Above the sticky header. */
  aboveTable: { zIndex: 3 },
  quiet: { color: tokens.colorNeutralForeground3 },
  cell: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  number: { fontVariantNumeric: 'tabular-nums', textAlign: 'right' },
  left: { textAlign: 'left' },
  first: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXXS },
  firstText: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' },
  slot: { display: 'inline-flex', width: '1.5rem', flexShrink: 0 },
  part: { paddingInlineStart: '1.5rem' },
  heading: { fontWeight: tokens.fontWeightSemibold, fontSize: tokens.fontSizeBase200, minWidth: 0 },
  right: { textAlign: 'right' },
  plain: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalXXS,
    padding: 0,
    border: 'none',
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    cursor: 'pointer',
    borderRadius: tokens.borderRadiusSmall,
    ':hover': { color: tokens.colorBrandForeground1 },
    ':focus-visible': { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
  /** As high as a row, so that it is easy to hit. */
  expander: { width: '1.5rem', height: `${rowHeight - 4}px`, justifyContent: 'center' },
});
