import type { Clock } from '../common/clock.ts';
import type { HostTarget } from '../config/host-target.ts';
import type { Config } from '../config/settings.ts';
import type { HostProbe } from '../host-adapter/connect/host-probe.ts';
import { connectionSteps, DoctorContext } from './steps/connection-steps.ts';
import { hostSteps } from './steps/host-steps.ts';
import { runSteps } from './steps/run-steps.ts';
import type { Step, StepResult } from './steps/step.ts';

/** The results for one host. */
export interface Diagnosis {
  readonly address: string;
  /** True if no step failed. */
  readonly healthy: boolean;
  readonly steps: readonly StepResult[];
}

/** Dependencies of a diagnosis. */
export interface DiagnoseOptions {
  readonly target: HostTarget;
  readonly config: Config;
  readonly probe: HostProbe;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onResult: (result: StepResult) => void;
  /** Called with the open session, if there is one, before it is closed. */
  readonly whileOpen?: (context: DoctorContext, steps: readonly StepResult[]) => Promise<void>;
}

/** Checks one host, from name resolution to the agent. Always closes what it opened. */
export async function diagnose(options: DiagnoseOptions): Promise<Diagnosis> {
  const { target, config, probe, whileOpen } = options;
  const context = new DoctorContext(target, config, probe);
  const all: readonly Step<DoctorContext>[] = [
    ...connectionSteps(target, config),
    ...(target.kind === 'winrs' ? [] : hostSteps(config)),
  ];
  try {
    const steps = await runSteps(all, context, options);
    if (context.isOpen) await whileOpen?.(context, steps);
    const healthy = steps.every(({ verdict }) => verdict !== 'failed');
    return { address: target.address, healthy, steps };
  } finally {
    await context.close();
  }
}
