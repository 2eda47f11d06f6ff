import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Notices } from '../../components/notices.tsx';
import { auditApi } from '../../fleet/audit-api.ts';
import { auditTexts as texts } from './audit.text.ts';
import { auditKeys, type AuditList } from './use-audit-records.ts';

/** Problems of the audit log: a place that cannot be written, records that are only in memory, lines that are none. */
export function AuditNotices({ list }: { readonly list: AuditList }): ReactElement {
  const { data: head } = useQuery({
    queryKey: auditKeys.head,
    queryFn: ({ signal }) => auditApi.head(signal),
  });
  const failing = head?.sinks.filter(({ problem }) => problem !== null) ?? [];
  return (
    <Notices>
      {failing.map(({ name, required, problem }) => (
        <MessageBar key={name} intent={required ? 'error' : 'warning'} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{texts.sinkTitle(name, required)}</MessageBarTitle> {problem}. {texts.sinkTodo}
          </MessageBarBody>
        </MessageBar>
      ))}
      {list.isFromMemory && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{texts.memoryTitle}</MessageBarTitle> {texts.memory}
          </MessageBarBody>
        </MessageBar>
      )}
      {list.unreadable > 0 && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{texts.unreadable(list.unreadable)}</MessageBarBody>
        </MessageBar>
      )}
    </Notices>
  );
}
