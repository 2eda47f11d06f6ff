import { makeStyles, tokens } from '@fluentui/react-components';

/** A phone, where a row has two lines. */
const narrow = '@media (max-width: 767px)';

/** The columns of the tree, shared by its header and its rows. */
export const useRowStyles = makeStyles({
  header: {
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    minHeight: '1.75rem',
    [narrow]: { display: 'none' },
  },
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(10rem, 1fr) 7rem 7rem 6rem 2rem',
    gridTemplateAreas: '"name kind taken size actions"',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    minHeight: '2.25rem',
    borderRadius: tokens.borderRadiusMedium,
    ':focus-visible': {
      outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: `-${tokens.strokeWidthThick}`,
    },
    [narrow]: {
      gridTemplateColumns: 'auto auto minmax(0, 1fr) 2.75rem',
      gridTemplateAreas: '"name name name actions" "kind taken size actions"',
      padding: `${tokens.spacingVerticalXS} 0`,
      paddingLeft: 'calc(var(--indent, 0) * 0.75rem)',
      borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke3}`,
      borderRadius: 0,
    },
  },
  hover: { ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  // Rows set the number of levels by which they are indented.
  name: {
    gridArea: 'name',
    minWidth: 0,
    paddingLeft: 'calc(var(--indent, 0) * 1.5rem)',
    [narrow]: { paddingLeft: 0 },
  },
  kind: { gridArea: 'kind' },
  taken: { gridArea: 'taken', whiteSpace: 'nowrap' },
  size: {
    gridArea: 'size',
    textAlign: 'end',
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
    [narrow]: { textAlign: 'start' },
  },
  actions: { gridArea: 'actions' },
  // For screen readers only.
  hidden: { width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' },
});
