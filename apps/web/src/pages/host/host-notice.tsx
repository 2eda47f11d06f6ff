import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { Host } from '@aether-v/types';
import type { ReactElement } from 'react';
import { formatDateTime } from '../../components/format.ts';
import { conflictTitle } from '../../components/states.text.ts';
import { Notices } from '../../components/notices.tsx';
import { ProblemList } from '../../components/problem-list.tsx';
import { hostTexts as texts } from './host.text.ts';

/** What is wrong with the connection to this host and what to do, and what it could not report; nothing while all is well. */
export function HostNotice({ host }: { readonly host: Host }): ReactElement {
  const { state, since, error } = host.connection;
  const isWell = state === 'connected' && !host.stale;
  const problems = [...host.problems, ...(host.facts?.problems ?? [])];
  const away = state === 'away';
  const known = host.facts ? texts.lastKnown : texts.neverAnswered;
  return (
    <Notices>
      {host.conflict && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{conflictTitle}</MessageBarTitle> {host.conflict.message}
          </MessageBarBody>
        </MessageBar>
      )}
      {!isWell && (
        <MessageBar intent={away ? 'error' : 'info'} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>
              {away ? texts.awayTitle(formatDateTime(host.stale?.since ?? since)) : texts.connectingTitle}
            </MessageBarTitle>{' '}
            {error ? error.message : texts.connectingBody} {error?.remedy} {known}
          </MessageBarBody>
        </MessageBar>
      )}
      <ProblemList problems={problems} />
    </Notices>
  );
}
