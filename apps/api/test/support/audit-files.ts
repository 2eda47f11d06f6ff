import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { AuditTrail, type AuditTrailOptions } from '../../src/audit/audit-trail.ts';
import { beginningOf, noBeginning } from '../../src/audit/beginning.ts';
import { FileSink } from '../../src/audit/file-sink.ts';
import { newSigningKey } from '../../src/audit/signature.ts';
import { verifyFiles } from '../../src/audit/verify/verify-files.ts';
import { systemClock, type Clock } from '../../src/common/clock.ts';

/** A folder for audit files, which is removed when the test ends. */
export class AuditFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'audit-'));
  readonly file = join(this.path, 'audit.log');

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** The audit files, oldest first. */
  files(): string[] {
    const numberOf = (name: string): number => Number(name.split('.')[2] ?? 0);
    const names = readdirSync(this.path).sort((a, b) => numberOf(b) - numberOf(a));
    return names.map((name) => join(this.path, name));
  }

  /** Verifies the files as the command line does. */
  async verify(...options: string[]): Promise<{ readonly code: number; readonly text: string }> {
    let text = '';
    const write = (piece: string): void => void (text += piece);
    const code = await verifyFiles([...this.files(), ...options], { print: write, complain: write });
    return { code, text };
  }
}

type TestSinks = AuditTrailOptions['sinks'];

export interface TestTrailOptions {
  readonly privateKey?: KeyObject;
  readonly clock?: Clock;
  readonly fileBytes?: number;
  readonly keep?: number;
  readonly warn?: (message: string) => void;
  /** Sinks in addition to the file. */
  readonly more?: TestSinks;
}

/** An audit trail that writes a file. */
export function trailTo(path: string, options: TestTrailOptions = {}): AuditTrail {
  const { keep = 3, warn = () => undefined, more = [] } = options;
  const file = { sink: new FileSink({ path, keep, warn }), isRequired: true };
  return trailOf([file, ...more], { ...options, readBeginning: () => beginningOf(path) });
}

/** An audit trail that writes to sinks. */
export function trailOf(
  sinks: TestSinks,
  options: Pick<TestTrailOptions, 'privateKey' | 'clock' | 'fileBytes'> &
    Partial<Pick<AuditTrailOptions, 'readBeginning' | 'onLine'>> = {},
): AuditTrail {
  return new AuditTrail({
    sinks,
    privateKey: options.privateKey ?? newSigningKey(),
    clock: options.clock ?? systemClock,
    fileBytes: options.fileBytes ?? 1e9,
    readBeginning: options.readBeginning ?? (() => noBeginning),
    onLine: options.onLine ?? (() => undefined),
    onStart: () => undefined,
    onSinkChange: () => undefined,
  });
}
