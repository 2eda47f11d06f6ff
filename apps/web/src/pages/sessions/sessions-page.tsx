import { Badge, Button, Caption1, makeStyles, tokens } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MySessions } from '@aether-v/types';
import type { ReactElement } from 'react';
import { formatDateTime } from '../../components/format.ts';
import { Message } from '../../components/message.tsx';
import { PageSkeleton } from '../../components/page-skeleton.tsx';
import { Page } from '../../components/page.tsx';
import { ReadFailed } from '../../components/read-failed.tsx';
import { Section } from '../../components/section.tsx';
import { SimpleTable } from '../../components/simple-table.tsx';
import { Stack } from '../../components/stack.tsx';
import { Ago } from '../../components/time.tsx';
import { sessionApi } from '../../session/session-api.ts';
import { browserName } from './browser-name.ts';
import { sessionsTexts as texts } from './sessions.text.ts';

type MySession = MySessions['items'][number];

const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground3 } });
const queryKey = ['my-sessions'];

/** The sessions of the user; each can be ended, the current one by signing out. */
export function SessionsPage(): ReactElement {
  const styles = useStyles();
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => sessionApi.sessions(signal),
    // No event reports changes of sessions.
    staleTime: 0,
  });
  if (data === undefined && error) {
    return (
      <Page title={texts.title}>
        <ReadFailed title={texts.failedTitle} error={error} />
      </Page>
    );
  }
  if (data === undefined) return <PageSkeleton />;
  return (
    <Page title={texts.title}>
      {data.items.length === 0 ? (
        <Message title={texts.none}>{texts.noneBody}</Message>
      ) : (
        <Stack>
          <Section title={texts.section}>
            <SimpleTable
              label={texts.table}
              columns={texts.columns}
              actions={texts.actions}
              rows={data.items.map((session) => ({
                key: session.id,
                cells: cellsOf(session),
                actions: <SessionActions session={session} />,
              }))}
            />
            <Caption1 className={styles.quiet}>{texts.restart}</Caption1>
          </Section>
        </Stack>
      )}
    </Page>
  );
}

function cellsOf(session: MySession): readonly ReactElement[] {
  const { userAgent, address, signedInAt, lastUsedAt, endsAt } = session;
  return [
    <span key="browser" title={userAgent}>
      {browserName(userAgent)}
    </span>,
    <span key="address">{address}</span>,
    <Ago key="begin" moment={signedInAt} />,
    <Ago key="used" moment={lastUsedAt} />,
    <span key="end">{formatDateTime(endsAt)}</span>,
  ];
}

function SessionActions({ session }: { readonly session: MySession }): ReactElement {
  return session.current ? <Badge appearance="tint">{texts.current}</Badge> : <EndButton session={session} />;
}

function EndButton({ session }: { readonly session: MySession }): ReactElement {
  const queries = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    networkMode: 'always',
    mutationFn: () => sessionApi.endSession(session.id),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  return (
    <>
      <Button
        size="small"
        aria-label={texts.endSession(browserName(session.userAgent), session.address)}
        disabledFocusable={isPending}
        onClick={() => mutate()}
      >
        {texts.end}
      </Button>
      {error && <div role="alert">{texts.endFailed}</div>}
    </>
  );
}
