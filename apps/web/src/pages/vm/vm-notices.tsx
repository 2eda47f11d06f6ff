import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { activityBlock, type Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { formatDateTime } from '../../components/format.ts';
import { conflictTitle } from '../../components/states.text.ts';
import { Notices } from '../../components/notices.tsx';
import { ProblemList } from '../../components/problem-list.tsx';
import { offeredVmCommands } from '../../fleet/offered-commands.ts';
import { vmTexts as texts } from '../../components/vm.text.ts';

/** Notices about problems of this VM or its data. */
export function VmNotices({ vm }: { readonly vm: Vm }): ReactElement {
  // The reason is also shown on the page, because a phone has no tooltips.
  const block =
    vm.moving || vm.stale
      ? null
      : (offeredVmCommands.map((name) => activityBlock(name, vm)).find(Boolean) ?? null);
  return (
    <Notices>
      {vm.conflict && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{conflictTitle}</MessageBarTitle> {vm.conflict.message}
          </MessageBarBody>
        </MessageBar>
      )}
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
      {block && (
        <MessageBar layout="multiline">
          <MessageBarBody>{texts.blocked(block.reason)}</MessageBarBody>
        </MessageBar>
      )}
      <ProblemList problems={vm.problems} />
    </Notices>
  );
}
