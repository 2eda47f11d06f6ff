import { join, resolve } from 'node:path';
import type { LogLevel } from '@nestjs/common';
import type { Clock } from '../common/clock.ts';
import type { Config } from '../config/settings.ts';
import { LogFile } from './log-file.ts';

/** The size at which a new log file begins, in bytes. */
const fileBytes = 16 * 1024 * 1024;
/** The number of full log files to keep. */
const keptFiles = 5;

/** Builds the configured log file; null without LOG_DIR. */
export function makeLogFile({ logDirectory }: Config, clock: Clock): LogFile | null {
  if (logDirectory === null) return null;
  const path = join(resolve(logDirectory), 'app.log');
  const onChange = (problem: string | null): void => {
    const state = problem === null ? 'can be written again' : `cannot be written: ${problem}`;
    process.stderr.write(`The log file ${path} ${state}\n`);
  };
  return new LogFile({ path, clock, fileBytes, keep: keptFiles, onChange });
}

/** Returns the levels that are logged. */
export function logLevels({ debug }: Config): readonly LogLevel[] {
  return ['fatal', 'error', 'warn', 'log', ...(debug ? (['debug', 'verbose'] as const) : [])];
}
