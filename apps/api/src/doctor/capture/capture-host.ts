import { timestamp } from '@aether-v/types';
import type { Clock } from '../../common/clock.ts';
import { PowerShellRefusal, type ProbeShell } from '../../host-adapter/connect/host-probe.ts';
import { HostOperationError } from '../../host-adapter/errors/host-operation-error.ts';
import { orAborted } from '../../host-adapter/limits/or-aborted.ts';
import type { DoctorContext } from '../steps/connection-steps.ts';
import type { StepResult } from '../steps/step.ts';
import { about } from './about.ts';
import { fieldValue, keepFields, type FieldKind, type Row } from './fields.ts';
import { sections, type Section } from './sections.ts';
import { namesIn, withoutNames } from './without-names.ts';

/** Dependencies of a capture. */
export interface CaptureOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The version of this software. */
  readonly version: string;
}

/** Time limit of one section, in milliseconds. */
const sectionLimit = 60_000;

/** The result of a section. A failed one states its error code and what was missing. */
type CapturedSection =
  | {
      readonly id: string;
      readonly state: 'read';
      readonly milliseconds: number;
      readonly leftOut: number;
      readonly rows: readonly Row[];
    }
  | { readonly id: string; readonly state: 'failed'; readonly milliseconds: number; readonly code: string };

/** Fields of PowerShell's $PSVersionTable. */
const versions = {
  PSVersion: 'version',
  PSEdition: 'edition',
  BuildVersion: 'version',
  CLRVersion: 'version',
  WSManStackVersion: 'version',
  PSRemotingProtocolVersion: 'version',
  Platform: 'edition',
} as const satisfies Record<string, FieldKind>;

/** Describes a host without any of its names, as a text that can be sent to the developers. */
export async function captureHost(
  context: DoctorContext,
  steps: readonly StepResult[],
  options: CaptureOptions,
): Promise<string> {
  const { clock, version } = options;
  const { target } = context;
  const shell = context.shell();
  const remote = target.kind === 'local' ? null : target;
  const description = {
    about,
    format: 1,
    tool: { name: 'Aether-V doctor', version },
    at: timestamp(clock.now()),
    reached: {
      kind: target.kind,
      scheme: remote?.scheme ?? null,
      https: remote?.url.protocol === 'https:',
      endpointConfiguration: target.kind === 'wsman' && target.configuration !== null,
    },
    steps: steps.map(({ id, verdict, problem, milliseconds }) => ({ id, verdict, problem, milliseconds })),
    powershell: keepFields([shell.versions], versions).rows[0] ?? null,
    sections: await captureSections(shell, options),
    faults: await captureFaults(context, options),
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}

async function captureSections(
  shell: ProbeShell,
  options: CaptureOptions,
): Promise<readonly CapturedSection[]> {
  const captured: CapturedSection[] = [];
  for (const section of sections) captured.push(await captureSection(shell, section, options));
  return captured;
}

async function captureSection(
  shell: ProbeShell,
  { id, script, fields, count }: Section,
  options: CaptureOptions,
): Promise<CapturedSection> {
  const began = options.clock.now();
  const milliseconds = (): number => options.clock.now() - began;
  try {
    const answer = await limited(options, (signal) => shell.ask({ script }, signal));
    const { rows, leftOut } = keepFields(answer, fields);
    return {
      id,
      state: 'read',
      milliseconds: milliseconds(),
      leftOut,
      rows: count === true ? counted(rows) : rows,
    };
  } catch (error) {
    options.signal.throwIfAborted();
    return { id, state: 'failed', milliseconds: milliseconds(), code: codeOf(error) };
  }
}

/** Enforces a time limit, even on work that ignores its signal. */
async function limited<T>(
  { clock, signal }: CaptureOptions,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const cancel = clock.schedule(sectionLimit, () => limit.abort(new TimedOut()));
  const both = AbortSignal.any([signal, limit.signal]);
  try {
    return await orAborted(run(both), both);
  } finally {
    cancel();
  }
}

class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** Returns an error code that reveals nothing about the host: PowerShell's error id, or the name of the problem. */
function codeOf(error: unknown): string {
  if (error instanceof PowerShellRefusal) return String(fieldValue('errorId', error.errorId) ?? 'PowerShell');
  if (error instanceof HostOperationError) return error.problem ?? error.code;
  if (error instanceof TimedOut) return 'timed-out';
  throw error;
}

function counted(rows: readonly Row[]): readonly Row[] {
  const counts = new Map<string, { row: Row; count: number }>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    const seen = counts.get(key) ?? { row, count: 0 };
    seen.count += 1;
    counts.set(key, seen);
  }
  return [...counts.values()].map(({ row, count }) => ({ ...row, Count: count }));
}

/** Causes harmless errors to record their codes and wording on this host. */
async function captureFaults(
  { target, config, probe, shell }: DoctorContext,
  options: CaptureOptions,
): Promise<unknown> {
  const url = target.kind === 'local' ? null : target.url.hostname;
  const { winrmUsername, kerberosPrincipal } = config;
  const names = namesIn(url, winrmUsername, kerberosPrincipal);
  const caught = async <T>(
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | { readonly code: string }> => {
    try {
      return await limited(options, run);
    } catch (error) {
      options.signal.throwIfAborted();
      return { code: codeOf(error) };
    }
  };
  return {
    unknownResource:
      target.kind === 'local'
        ? null
        : await caught(async (signal) => {
            const fault = await probe.provokeFault(signal);
            return fault && { code: fault.code, text: withoutNames(fault.text, names) };
          }),
    unknownCommand: await caught(async (signal) => {
      try {
        await shell().ask({ command: 'Get-AetherVNothing' }, signal);
        return null;
      } catch (error) {
        if (!(error instanceof PowerShellRefusal)) throw error;
        return { code: codeOf(error), text: withoutNames(error.message, names) };
      }
    }),
  };
}
