import { Body1, makeStyles, tokens } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { AuditHead } from '@aether-v/types';
import type { ReactElement } from 'react';
import { Facts, type Fact } from '../../components/facts.tsx';
import { formatDateTime } from '../../components/format.ts';
import { ReadFailed } from '../../components/read-failed.tsx';
import { SidePanel } from '../../components/side-panel.tsx';
import { auditApi } from '../../fleet/audit-api.ts';
import { auditTexts as texts } from './audit.text.ts';
import { auditKeys } from './use-audit-records.ts';

const useStyles = makeStyles({
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: 'anywhere',
  },
});

/** The head of the chain and its last checkpoint. */
export function ChainPanel({ onClose }: { readonly onClose: () => void }): ReactElement {
  const styles = useStyles();
  const { data, error } = useQuery({
    queryKey: auditKeys.head,
    queryFn: ({ signal }) => auditApi.head(signal),
    staleTime: 0,
  });
  const code = (text: string): ReactElement => <span className={styles.code}>{text}</span>;
  return (
    <SidePanel title={texts.chainTitle} onClose={onClose}>
      <Body1>{texts.chainBody}</Body1>
      {data && <Facts facts={factsOf(data, code)} />}
      {!data && error && <ReadFailed title={texts.failedTitle} error={error} />}
    </SidePanel>
  );
}

function factsOf(
  { seq, hash, key, checkpoint, sinks }: AuditHead,
  code: (text: string) => ReactElement,
): readonly Fact[] {
  const signed: readonly Fact[] =
    checkpoint === null
      ? [[texts.checkpoint, texts.noCheckpoint]]
      : [
          [texts.checkpoint, formatDateTime(checkpoint.time)],
          [texts.checkpointSeq, texts.number(checkpoint.seq)],
          [texts.checkpointHash, code(checkpoint.head)],
          [texts.signature, code(checkpoint.signature)],
        ];
  return [
    [texts.head, texts.number(seq)],
    [texts.hash, code(hash)],
    ...signed,
    [texts.key, code(key.public)],
    [texts.keyId, code(key.id)],
    ...sinks.map(({ name, required, problem }, at): Fact => [
      at === 0 ? texts.sinks : `${texts.sinks} (${at + 1})`,
      texts.sink(name, required, problem),
    ]),
  ];
}
