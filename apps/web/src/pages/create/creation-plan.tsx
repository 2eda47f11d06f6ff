import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Placement } from '@aether-v/types';
import type { ReactElement } from 'react';
import type { FormProblems } from '../../vm-forms/field-problems.ts';
import { NameList } from '../../vm-forms/name-list.tsx';
import { PlanPanel } from '../../vm-forms/plan-panel.tsx';
import type { CheckedPlan } from '../../vm-forms/use-plan.ts';
import type { ReadCreate } from './create-input.ts';
import { createTexts as texts } from './create.text.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
  words: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
});

function Place({ name, placement }: { readonly name: string; readonly placement: Placement }): ReactElement {
  const styles = useStyles();
  const others = placement.candidates.filter(({ hostId }) => hostId !== placement.hostId);
  return (
    <>
      <div className={styles.words}>
        <Text weight="semibold">{texts.makes(name, placement.hostName, placement.storageClass)}</Text>
        {placement.reasons.map((reason) => (
          <Text key={reason}>{reason}</Text>
        ))}
      </div>
      {others.length > 0 && (
        <NameList
          title={texts.rejected}
          names={others.map(({ hostId, hostName, fits, reasons }) => ({
            key: hostId,
            name: `${hostName}:`,
            more: [fits && texts.fits, ...reasons].filter((one) => one !== false && one !== '').join('. '),
          }))}
        />
      )}
    </>
  );
}

/** The plan of a new VM in words: the chosen host with the reasons, and all problems. */
export function CreationPlan({
  read,
  checked,
  problems,
}: {
  readonly read: ReadCreate;
  readonly checked: CheckedPlan;
  readonly problems: FormProblems;
}): ReactElement {
  const styles = useStyles();
  const { request, missing } = read;
  const placement = checked.plan?.placement ?? null;
  return (
    <div className={styles.root}>
      {request === null && <Text>{missing ?? texts.correct}</Text>}
      {request && placement && <Place name={request.name} placement={placement} />}
      {request && (
        <Text>
          {texts.parts(request.disks?.length ?? 0, request.networkAdapters?.length ?? 0)}{' '}
          {texts.then(request.start === true)}
        </Text>
      )}
      <PlanPanel checked={checked} problems={problems} />
    </div>
  );
}
