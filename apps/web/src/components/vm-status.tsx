import type { VmSummary } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useShownState } from '../fleet/fleet-context.ts';
import { Status } from './status.tsx';
import { vmStatusView } from './vm-status-view.ts';

export function VmStatus({
  vm,
  iconOnly = false,
}: {
  readonly vm: VmSummary;
  readonly iconOnly?: boolean;
}): ReactElement {
  return <Status view={vmStatusView(vm, useShownState(vm))} iconOnly={iconOnly} />;
}
