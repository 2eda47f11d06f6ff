import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { Host } from '@aether-v/types';
import type { ReactElement } from 'react';
import { formatDateTime } from '../../components/format.ts';
import { conflictTitle } from '../../components/states.text.ts';
import { Notices } from '../../components/notices.tsx';
import { ProblemList } from '../../components/problem-list.tsx';
import { isClockProblem } from '../../components/clock-problem.ts';
import { hostTexts as texts } from './host.text.ts';

/**
 * Notices about this host: connection problems with their remedy, a wrong clock, and values that could not be reported.
 */
export function HostNotice({ host }: { readonly host: Host }): ReactElement {
  const { state, since, error } = host.connection;
  const isWell = state === 'connected' && !host.stale;
  const clock = host.problems.find(isClockProblem);
  const problems = [...host.problems, ...(host.facts?.problems ?? [])].filter(
    (problem) => !isClockProblem(problem),
  );
  const unreachable = state === 'unreachable';
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
        <MessageBar intent={unreachable ? 'error' : 'info'} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>
              {unreachable
                ? texts.unreachableTitle(formatDateTime(host.stale?.since ?? since))
                : texts.connectingTitle}
            </MessageBarTitle>{' '}
            {error ? error.message : texts.connectingBody} {error?.remedy} {known}
          </MessageBarBody>
        </MessageBar>
      )}
      {clock && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{texts.clockTitle}</MessageBarTitle> {clock.message}
          </MessageBarBody>
        </MessageBar>
      )}
      <ProblemList problems={problems} />
    </Notices>
  );
}
