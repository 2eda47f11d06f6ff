import { escapeControls } from '../../logs/escape-controls.ts';
import type { Gap, Verdict } from './chain-verifier.ts';

/** Returns the result of a verification as text for people. */
export function reportOf(verdict: Verdict, isKeyGiven: boolean): string {
  const { findings, records, beginsAt, proven, gaps, unproven, torn, keys } = verdict;
  const lines = [
    `${records} records read.`,
    ...findings.map(
      ({ kind, file, line, text }) => `${kind}: ${file}${line === 0 ? '' : `, line ${line}`}: ${text}.`,
    ),
    ...(findings.length === 0 ? ['The records do not contradict each other.'] : []),
    ...(beginsAt === null
      ? []
      : [
          `The files begin with record ${beginsAt} of a chain, and earlier records exist; they are not given.`,
        ]),
    proven === null
      ? 'Not proven: no checkpoint with a valid signature.'
      : `${findings.length === 0 ? 'Proven' : 'Apart from that, proven'} up to ${proven.file}, line ${proven.line}, by the checkpoint of ${proven.time}.`,
    ...gaps.map(gapText),
    ...(unproven > 0 ? [tailText(unproven)] : []),
    ...(torn > 0
      ? [`Torn last line (${torn} bytes): a crash interrupted it. The service removes it when it starts.`]
      : []),
    ...(isKeyGiven ? [] : keys.map(trustText)),
  ];
  // Names of files and texts in edited lines are hostile.
  return lines.map((line) => `${escapeControls(line)}\n`).join('');
}

function gapText({ file, line, count }: Gap): string {
  const records = count === 1 ? 'record' : `${count} records`;
  return `Not proven: no checkpoint covers the ${records} before ${file}, line ${line}, where the chain breaks or the service started. A crash leaves such records, but others may have added them.`;
}

function tailText(count: number): string {
  return `Tail not proven: no later checkpoint covers the last ${count} ${count === 1 ? 'record' : 'records'}.`;
}

function trustText({ id, public: key }: Verdict['keys'][number]): string {
  return `The key ${id} is known only from the files themselves. Verify with --key if you know it to be right: ${key}`;
}
