import { Button, makeStyles, tokens } from '@fluentui/react-components';
import type { AuditRecord } from '@aether-v/types';
import type { ReactElement } from 'react';
import type { AuditPatch } from '../../address/audit-search.ts';
import { AppLink } from '../../components/app-link.tsx';
import { Facts, type Fact } from '../../components/facts.tsx';
import { formatDateTime } from '../../components/format.ts';
import { SubjectLink } from '../../components/jobs/subject-link.tsx';
import { SidePanel } from '../../components/side-panel.tsx';
import { Status } from '../../components/status.tsx';
import {
  actionWords,
  auditStatusViews,
  auditTexts as texts,
  detailsWords,
  optionsText,
} from './audit.text.ts';

const useStyles = makeStyles({
  only: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS },
});

interface Props {
  readonly record: AuditRecord;
  readonly onFilter: (patch: AuditPatch) => void;
  readonly onClose: () => void;
}

const subjectKinds = ['vm', 'host', 'cluster'] as const;

function ObjectLink({ object: { kind, id, name } }: AuditRecord): ReactElement {
  const subject = subjectKinds.find((each) => each === kind);
  if (subject !== undefined) return <SubjectLink kind={subject} id={id} name={name} />;
  return <>{name ?? id ?? texts.noObject}</>;
}

function factsOf(record: AuditRecord): readonly Fact[] {
  const { facts } = texts;
  const { actor, object, job } = record;
  const all: readonly (readonly [string, ReactElement | string | null])[] = [
    [facts.time, formatDateTime(record.timestamp)],
    [facts.status, <Status key="status" view={auditStatusViews[record.status]} />],
    [facts.details, record.details],
    [facts.meaning, detailsWords(record)],
    [facts.action, record.action],
    [facts.object, <ObjectLink key="object" {...record} />],
    [facts.objectId, object.id],
    [facts.options, optionsText(record)],
    [facts.job, job && <JobLink key="job" jobId={job} />],
    [facts.host, record.host],
    [facts.actor, actor.name],
    [facts.actorId, actor.id],
    [facts.client, record.clientIp],
    [facts.method, record.method],
    [facts.request, record.request],
    [facts.restored, record.restored ? texts.restored : null],
    [facts.seq, texts.number(record.seq)],
  ];
  return all.filter(([, value]) => value !== null);
}

function JobLink({ jobId }: { readonly jobId: string }): ReactElement {
  return (
    <AppLink to="/jobs/$jobId" params={{ jobId }}>
      {jobId}
    </AppLink>
  );
}

/** All that a record says, with links to its object and job, and filters for more of the same. */
export function RecordPanel({ record, onFilter, onClose }: Props): ReactElement {
  const styles = useStyles();
  const { actor, object, job, clientIp, action } = record;
  const filters: readonly (readonly [string, AuditPatch | null])[] = [
    [texts.onlyActor, { actor: actor.id ?? actor.name }],
    [texts.onlyObject, object.id === null ? null : { object: object.id }],
    [texts.onlyAction, { action }],
    [texts.onlyJob, job === null ? null : { job }],
    [texts.onlyClient, clientIp === null ? null : { client: clientIp }],
  ];
  return (
    <SidePanel title={`${actionWords(action)} ${object.name ?? ''}`.trim()} onClose={onClose}>
      <Facts facts={factsOf(record)} />
      <div className={styles.only} role="group" aria-label={texts.only}>
        <span>{texts.only}</span>
        {filters.map(
          ([label, patch]) =>
            patch && (
              <Button key={label} size="small" onClick={() => onFilter(patch)}>
                {label}
              </Button>
            ),
        )}
      </div>
    </SidePanel>
  );
}
