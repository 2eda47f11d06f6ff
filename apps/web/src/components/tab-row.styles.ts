import { makeStyles, tokens } from '@fluentui/react-components';

/** Tabs below a page's title, in line with it. */
export const useTabRowStyles = makeStyles({
  root: {
    flexWrap: 'wrap',
    padding: `0 ${tokens.spacingHorizontalM}`,
    marginBottom: tokens.spacingVerticalM,
  },
});
