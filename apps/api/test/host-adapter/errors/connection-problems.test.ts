import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '@aether-v/types';
import {
  connectionProblems,
  problemGroups,
  type ConnectionProblem,
} from '../../../src/host-adapter/errors/connection-problems.ts';
import { kerberos } from '../../support/provoke/kerberos.ts';
import { mechanisms } from '../../support/provoke/mechanisms.ts';
import { network } from '../../support/provoke/network.ts';
import { powershell } from '../../support/provoke/powershell.ts';
import { hasPart, skipReason, type Provoke, type Provoked } from '../../support/provoke/provoke.ts';
import { see, type Seen } from '../../support/provoke/see.ts';
import { session } from '../../support/provoke/session.ts';
import { tls } from '../../support/provoke/tls.ts';

const run = promisify(execFile);

/** A peer for every problem: one without does not compile. */
const peers = { ...network, ...tls, ...kerberos, ...mechanisms, ...session, ...powershell } satisfies Record<
  ConnectionProblem,
  Provoke
>;

async function seenBy(provoked: Provoked): Promise<Seen> {
  if (provoked.process === undefined) return see(provoked);
  const { env, preload } = provoked.process;
  const script = new URL('../../support/provoke/see-apart.ts', import.meta.url).pathname;
  const imports = preload === undefined ? [] : ['--import', preload];
  const args = ['--conditions=@aether-v/source', ...imports, script, JSON.stringify(provoked)];
  const { stdout } = await run(process.execPath, args, { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as Seen;
}

describe('every problem of a connection', () => {
  for (const [problem, { needs, make }] of Object.entries<Provoke>(peers)) {
    test.skipIf(!hasPart(needs))(
      `${problem}: the service and the doctor report it with its remedy${skipReason(needs)}`,
      async () => {
        const { says, remedy } = connectionProblems[problem as ConnectionProblem];
        const seen = await seenBy(await make());
        expect(seen.service).toEqual({ problem, remedy, text: expect.stringContaining(says) as string });
        expect(seen.doctor).toEqual({ problem, remedy, text: expect.stringContaining(says) as string });
      },
      60_000,
    );
  }
});

describe('the table of problems', () => {
  test('has a distinct text and an API code for each', () => {
    const meanings = Object.values(connectionProblems);
    expect(new Set(meanings.map(({ says }) => says)).size).toBe(meanings.length);
    for (const { code, says, remedy } of meanings) {
      expect(Object.keys(errorCodes)).toContain(code);
      expect(says).toMatch(/^[A-Z].*\.$/);
      expect(remedy).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('contains exactly its groups', () => {
    expect(Object.assign({}, ...problemGroups.map(({ problems }) => problems))).toEqual(connectionProblems);
    expect(Object.isFrozen(connectionProblems)).toBe(true);
  });
});
