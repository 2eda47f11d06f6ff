import { signingWarnings } from '../config/signing-warnings.ts';
import type { Clock } from '../common/clock.ts';
import type { HostTarget } from '../config/host-target.ts';
import type { Config } from '../config/settings.ts';
import type { HostProbe } from '../host-adapter/connect/host-probe.ts';
import { readArguments, usage } from './arguments.ts';
import { captureHost } from './capture/capture-host.ts';
import { chooseHosts } from './choose-hosts.ts';
import { diagnose, type Diagnosis } from './diagnose.ts';
import { printable, stepLines } from './format.ts';
import { failed, type StepResult } from './steps/step.ts';

/** The doctor's view of its environment. */
export interface DoctorWorld {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly colors: boolean;
  readonly probe: (target: HostTarget, config: Config) => HostProbe;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** The version of this software. */
  readonly version: string;
  readonly writeFile: (path: string, text: string) => void;
}

/** Exit codes. */
const exit = { healthy: 0, sick: 1, usage: 2 } as const;

/** Runs the command line and returns the exit code. */
export async function doctor(args: readonly string[], world: DoctorWorld): Promise<number> {
  const asked = readArguments(args);
  if ('wrong' in asked) {
    world.complain(asked.wrong === '' ? usage : `${asked.wrong}\n\n${usage}`);
    return exit.usage;
  }
  const began = world.clock.now();
  const chosen = chooseHosts(world.environment, asked.host);
  if ('problems' in chosen) return misconfigured(chosen.problems, began, asked.json, world);
  if (chosen.targets.length === 0) {
    world.complain(`HYPERV_HOSTS is not set and no host was given.\n\n${usage}`);
    return exit.usage;
  }
  for (const warning of signingWarnings(chosen.config)) world.complain(`Warning: ${warning}\n`);
  const diagnoses: Diagnosis[] = [];
  for (const target of chosen.targets) {
    diagnoses.push(await look(target, chosen.config, asked, world));
  }
  const healthy = diagnoses.filter((diagnosis) => diagnosis.healthy).length;
  if (asked.json) world.print(`${JSON.stringify(diagnoses, null, 2)}\n`);
  else
    world.print(
      `\n${healthy} of ${diagnoses.length} ${diagnoses.length === 1 ? 'host' : 'hosts'} ready for use.\n`,
    );
  return healthy === diagnoses.length ? exit.healthy : exit.sick;
}

async function look(
  target: HostTarget,
  config: Config,
  { json, capture }: { readonly json: boolean; readonly capture: string | null },
  world: DoctorWorld,
): Promise<Diagnosis> {
  const show = (line: string): void => {
    if (!json) world.print(`${line}\n`);
  };
  show(printable(target.address));
  const { clock, signal, version } = world;
  const onResult = (result: StepResult): void => stepLines(result, world).forEach(show);
  return diagnose({
    ...{ target, config, clock, signal, onResult, probe: world.probe(target, config) },
    ...(capture === null
      ? {}
      : {
          whileOpen: async (context, steps) => {
            world.writeFile(capture, await captureHost(context, steps, { clock, signal, version }));
            show(`\nWritten to ${capture}. Read it before you send it; its header lists what it contains.`);
          },
        }),
  });
}

/** Reports an invalid configuration, with which the service would not start, as the first step. */
function misconfigured(
  problems: readonly string[],
  began: number,
  json: boolean,
  { clock, print, colors }: DoctorWorld,
): number {
  const finding = failed(
    problems.join(' '),
    'Correct it in .env or the environment. docs/configuration.md describes all settings.',
  );
  const milliseconds = clock.now() - began;
  const result: StepResult = { id: 'configuration', title: 'Configuration', milliseconds, ...finding };
  if (json) print(`${JSON.stringify([{ address: null, healthy: false, steps: [result] }], null, 2)}\n`);
  else print(`${stepLines(result, { colors }).join('\n')}\n`);
  return exit.sick;
}
