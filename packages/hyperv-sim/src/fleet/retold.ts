import { toAsciiJson } from '@aether-v/types';
import type { Fault } from './fault.ts';

const timestampPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

type Change = (key: string, value: unknown) => unknown;

/** Rewrites a line of the agent as a host with this fault would send it. */
export function retold(fault: Fault | null, line: string): string {
  const change = changeOf(fault);
  return change === undefined ? line : toAsciiJson(JSON.parse(line, change));
}

function changeOf(fault: Fault | null): Change | undefined {
  switch (fault?.kind) {
    case 'language-mode':
      return (key, value) => (key === 'languageMode' ? 'ConstrainedLanguage' : value);
    case 'clock-skew':
      return (_, value) =>
        typeof value === 'string' && timestampPattern.test(value) ? shifted(value, fault.seconds) : value;
    default:
      return undefined;
  }
}

/** Keeps the form of the timestamp: with or without fractions of a second. */
function shifted(timestamp: string, seconds: number): string {
  const moved = new Date(Date.parse(timestamp) + seconds * 1_000).toISOString();
  return timestamp.includes('.') ? moved : moved.replace(/\.\d+/, '');
}
