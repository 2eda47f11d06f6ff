import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  WorkerVerifier,
  type WorkerLimits,
} from '../../../src/auth/bearer/passport-azure-ad/worker-verifier.ts';
import { TokenError } from '../../../src/auth/bearer/token-error.ts';
import { clockTolerance } from '../../../src/auth/bearer/token-rules.ts';
import { systemClock, type Clock } from '../../../src/common/clock.ts';
import { ProblemError } from '../../../src/problems/problem-error.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  applicationId,
  encode,
  entraIssuer,
  entraToken,
  forge,
  rsaKey,
  signed,
  tenantId,
} from '../../support/token-forge.ts';

const options = {
  tenantId,
  issuers: [entraIssuer, `https://sts.windows.net/${tenantId}/`],
  audiences: [applicationId, `api://${applicationId}`],
  clockTolerance,
};
const misbehaving = new URL('../../support/workers/misbehaving.mjs', import.meta.url);
const noKeys = { keys: [] };

beforeAll(() => Logger.overrideLogger(false));

function start(clock: Clock, limits: Partial<WorkerLimits> = {}, file?: URL): WorkerVerifier {
  const verifier = new WorkerVerifier(options, clock, limits, file);
  onTestFinished(() => verifier.close());
  return verifier;
}

describe('passport-azure-ad in its worker', () => {
  test('uses new keys at once, and forgets withdrawn ones', async () => {
    const { own, keys, good } = forge(entraToken);
    const second = rsaKey('second');
    const { header, claims } = good({}, { kid: 'second' });
    const rotated = signed(header, claims, second);
    const verifier = start(systemClock);
    await expect(verifier.assertAcceptable(rotated, keys)).rejects.toThrow(TokenError);
    const both = { keys: [own.jwk, second.jwk] };
    await expect(verifier.assertAcceptable(rotated, both)).resolves.toBeUndefined();
    await expect(verifier.assertAcceptable(rotated, keys)).rejects.toThrow(TokenError);
  });

  test('accepts version 1 tokens of the tenant, whose audience has the api:// form', async () => {
    const { own, keys, good } = forge(entraToken);
    const { header, claims } = good({
      iss: `https://sts.windows.net/${tenantId}/`,
      aud: `api://${applicationId}`,
      ver: '1.0',
    });
    await expect(
      start(systemClock).assertAcceptable(signed(header, claims, own), keys),
    ).resolves.toBeUndefined();
  });

  test('prints nothing, even for tokens that it cannot parse', async () => {
    const { keys } = forge(entraToken);
    const token = `${encode('{"typ":"JWT","alg":"RS256","kid":"published"}')}.${encode('{"secret')}.AAAA`;
    // In a separate process, because the test runner replaces both outputs.
    const module = new URL('../../../src/auth/bearer/passport-azure-ad/worker-verifier.ts', import.meta.url);
    const clock = '{ now: Date.now, schedule: () => () => undefined }';
    const code = `import { WorkerVerifier } from ${JSON.stringify(module.href)};
      const verifier = new WorkerVerifier(${JSON.stringify(options)}, ${clock});
      const alive = setInterval(() => undefined, 1000);
      await verifier.assertAcceptable(${JSON.stringify(token)}, ${JSON.stringify(keys)}).catch((error) => {
        if (error.name !== 'TokenError') throw error;
      });
      await verifier.close();
      clearInterval(alive);`;
    const run = promisify(execFile)(process.execPath, [
      '--conditions=@aether-v/source',
      ...['--input-type=module', '--eval', code],
    ]);
    expect(await run).toEqual({ stdout: '', stderr: '' });
  });

  test('the worker of passport-azure-ad cannot use the network', async () => {
    const server = createServer((_, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const module = new URL('../../../src/auth/bearer/passport-azure-ad/no-network.ts', import.meta.url).href;
    const file = new URL('../../support/workers/network.mjs', import.meta.url);
    const worker = new Worker(file, { workerData: { port, module }, execArgv: [] });
    onTestFinished(() => void worker.terminate());
    const [open] = (await once(worker, 'message')) as [string[]];
    expect(open).toEqual([]);
  });
});

describe('a worker that fails', () => {
  test.each(['throw', 'reject', 'exit'])('refuses with 503, and is replaced: %s', async (act) => {
    const verifier = start(systemClock, { firstBackoffMs: 1 }, misbehaving);
    await expect(verifier.assertAcceptable(act, noKeys)).rejects.toMatchObject({
      code: 'provider-unavailable',
    });
    await vi.waitFor(
      () => expect(verifier.assertAcceptable('accept', noKeys)).resolves.toBeUndefined(),
      20_000,
    );
  });

  test.each(['silent', 'loop', 'wrong id'])(
    'refuses with 503 after the time limit, and is replaced: %s',
    async (act) => {
      const clock = new FakeClock();
      const verifier = start(clock, { timeoutMs: 5000, firstBackoffMs: 1000 }, misbehaving);
      await expect(verifier.assertAcceptable('accept', noKeys)).resolves.toBeUndefined();
      const both = ['silent', act].map((token) => verifier.assertAcceptable(token, noKeys));
      const refused = Promise.all(both.map((one) => expect(one).rejects.toBeInstanceOf(ProblemError)));
      await clock.advance(5000);
      await refused;
      await expect(verifier.assertAcceptable('accept', noKeys)).rejects.toBeInstanceOf(ProblemError);
      await clock.advance(1000);
      await expect(verifier.assertAcceptable('accept', noKeys)).resolves.toBeUndefined();
    },
  );

  test('admits only by an answer that is true', async () => {
    const verifier = start(systemClock, {}, misbehaving);
    await expect(verifier.assertAcceptable('truthy', noKeys)).rejects.toBeInstanceOf(ProblemError);
  });

  test('is not trusted after an answer without an id', async () => {
    const verifier = start(systemClock, {}, misbehaving);
    await expect(verifier.assertAcceptable('no object', noKeys)).rejects.toBeInstanceOf(ProblemError);
  });

  test('is restarted with exponential backoff', async () => {
    const clock = new FakeClock();
    const verifier = start(clock, { firstBackoffMs: 1000, longestBackoffMs: 4000 }, misbehaving);
    for (const wait of [1000, 2000, 4000, 4000]) {
      await expect(verifier.assertAcceptable('exit', noKeys)).rejects.toBeInstanceOf(ProblemError);
      await clock.advance(wait - 1);
      await expect(verifier.assertAcceptable('accept', noKeys)).rejects.toBeInstanceOf(ProblemError);
      await clock.advance(1);
    }
    await expect(verifier.assertAcceptable('accept', noKeys)).resolves.toBeUndefined();
    await expect(verifier.assertAcceptable('exit', noKeys)).rejects.toBeInstanceOf(ProblemError);
    await clock.advance(1000);
    await expect(verifier.assertAcceptable('accept', noKeys)).resolves.toBeUndefined();
  });

  test('bounds the tokens that wait for it', async () => {
    const clock = new FakeClock();
    const verifier = start(clock, { maximumPending: 2 }, misbehaving);
    const waiting = [1, 2].map(() => verifier.assertAcceptable('silent', noKeys));
    await expect(verifier.assertAcceptable('accept', noKeys)).rejects.toMatchObject({
      code: 'provider-unavailable',
    });
    const refused = Promise.all(waiting.map((one) => expect(one).rejects.toBeInstanceOf(ProblemError)));
    await verifier.close();
    await refused;
    expect(clock.waiting).toBe(0);
  });

  test('is replaced if its file is missing, without ending the process', async () => {
    const clock = new FakeClock();
    const verifier = start(clock, {}, new URL('./missing.mjs', import.meta.url));
    await expect(verifier.assertAcceptable('accept', noKeys)).rejects.toBeInstanceOf(ProblemError);
  });
});
