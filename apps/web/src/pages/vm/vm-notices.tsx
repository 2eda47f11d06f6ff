import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle, tokens } from '@fluentui/react-components';
import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { formatDateTime } from '../../components/format.ts';
import { vmTexts as texts } from './vm.text.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
    ':empty': { display: 'none' },
  },
});

/** What is wrong with this VM, or with what is known of it. */
export function VmNotices({ vm }: { readonly vm: Vm }): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      {vm.stale && (
        <MessageBar intent="warning">
          <MessageBarBody>
            {texts.stale(vm.hostName, formatDateTime(vm.stale.since))} {vm.stale.message}
          </MessageBarBody>
        </MessageBar>
      )}
      {vm.critical && (
        <MessageBar intent="error">
          <MessageBarBody>
            <MessageBarTitle>{texts.criticalTitle}</MessageBarTitle> {texts.critical}
          </MessageBarBody>
        </MessageBar>
      )}
      {vm.moving && (
        <MessageBar>
          <MessageBarBody>{texts.moving}</MessageBarBody>
        </MessageBar>
      )}
    </div>
  );
}
