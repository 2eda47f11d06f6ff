import type { AuditEntry } from '../../src/audit/audit-log.ts';
import { AuditChain } from '../../src/audit/chain.ts';
import type { ChainPlace } from '../../src/audit/record-line.ts';
import { newSigningKey } from '../../src/audit/signature.ts';
import { ChainVerifier, type Verdict } from '../../src/audit/verify/chain-verifier.ts';

export const time = '2026-01-01T00:00:00.000Z';
export const testKey = newSigningKey();

export function entryFor(vm: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    action: 'vm.start',
    status: 'requested',
    details: null,
    actor: { id: 'a', name: 'Administrator' },
    clientIp: '127.0.0.1',
    method: 'POST',
    object: { kind: 'vm', id: 'v1', name: vm },
    job: null,
    host: null,
    request: 'r1',
    ...more,
  };
}

/** A chain of so many records after its start, with a checkpoint after every `every` records. */
export function linesOf(
  count: number,
  every: number,
  previous: ChainPlace | null = null,
  key = testKey,
): string[] {
  const chain = new AuditChain(key, previous);
  const lines = [chain.start(time, null)];
  for (let number = 1; number <= count; number += 1) {
    lines.push(chain.append(entryFor(`vm-${number}`), time));
    if (number % every === 0) lines.push(chain.sign(time));
  }
  return lines;
}

/** Verifies files, given as lists of lines. */
export function verdictOf(
  files: Readonly<Record<string, readonly string[]>>,
  ...options: ConstructorParameters<typeof ChainVerifier>
): Verdict {
  const verifier = new ChainVerifier(...options);
  for (const [name, lines] of Object.entries(files)) {
    verifier.beginFile(name);
    for (const line of lines) verifier.line(Buffer.from(line));
    verifier.endFile(0);
  }
  return verifier.verdict();
}
