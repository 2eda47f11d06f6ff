import { makeStyles, tokens } from '@fluentui/react-components';
import type { VmSummary } from '@aether-v/types';
import type { ReactElement } from 'react';
import { isReplica, replicaTexts } from './replica.ts';

const useStyles = makeStyles({
  root: {
    flexShrink: 0,
    padding: `0 ${tokens.spacingHorizontalXS}`,
    borderRadius: tokens.borderRadiusMedium,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase100,
    fontWeight: tokens.fontWeightRegular,
    lineHeight: tokens.lineHeightBase100,
  },
});

/** Marks a replica next to its name, which it shares with the VM that it is a copy of. */
export function ReplicaMark({ vm }: { readonly vm: VmSummary }): ReactElement | null {
  const styles = useStyles();
  if (!isReplica(vm)) return null;
  return (
    <span className={styles.root} title={replicaTexts.title}>
      {replicaTexts.mark}
    </span>
  );
}
