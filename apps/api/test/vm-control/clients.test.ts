import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ControlService, signer, signing } from '../support/control-service.ts';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',');

/** The clients of the documentation, with the arguments before the action, and a command that finds their program. */
const clients = [
  { file: 'vm-control.sh', command: ['bash'], find: ['-c', 'openssl version && curl --version'] },
  { file: 'vm_control.py', command: ['python3'], find: ['--version'] },
  { file: 'VmControl.ps1', command: ['pwsh', '-NoLogo', '-NoProfile', '-File'], find: ['-Version'] },
  { file: 'vm-control.mjs', command: [process.execPath], find: ['--version'] },
].map(({ file, command: [program = '', ...options], find }) => {
  const skip = !required.includes(program) && spawnSync(program, find).status !== 0;
  return { file, program, options, skip, note: skip ? ` (skipped: there is no ${program})` : '' };
});

/** A service that listens, and what its clients need to know. */
interface Served {
  readonly control: ControlService;
  readonly port: number;
  readonly secret: string;
}

const secrets = { short: signer.secret, 'longer than a block of SHA-256': 'x'.repeat(100) };
const served = new Map<string, Served>();

async function serve(environment: Record<string, string>): Promise<Served> {
  const control = new ControlService(new FakeClock(Date.now()));
  const [host] = control.hosts;
  host.vms.set(guid(5), vmFacts(guid(5), { name: 'Büro [1] & Co', state: 'Off', startedAt: null }));
  await control.start(environment);
  await control.service.app.listen(0, '0.0.0.0');
  const { port } = control.service.app.getHttpServer().address() as AddressInfo;
  return { control, port, secret: environment['HMAC_SECRET'] ?? '' };
}

beforeAll(async () => {
  for (const [length, secret] of Object.entries(secrets)) {
    served.set(length, await serve({ ...signing, HMAC_SECRET: secret }));
  }
});
afterAll(async () => {
  for (const { control } of served.values()) await control.close();
});

// Only the signed times need a clock that is right.
beforeEach(async () => {
  for (const { control } of served.values()) {
    control.asked.length = 0;
    await control.clock.advance(Math.max(0, Date.now() - control.clock.now()));
  }
});

function servedWith(length: string): Served {
  const found = served.get(length);
  if (found === undefined) throw new Error(`No service has a secret that is ${length}.`);
  return found;
}

interface Ran {
  readonly code: number;
  readonly answer: Readonly<Record<string, unknown>>;
}

async function call(
  { port, secret }: Served,
  program: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ran> {
  const env = {
    ...process.env,
    VM_CONTROL_URL: `http://127.0.0.1:${port}`,
    VM_CONTROL_KEY: signer.key,
    VM_CONTROL_SECRET: secret,
    ...environment,
  };
  const { code, stdout } = await run(program, args, { cwd: root, env }).then(
    (done) => ({ code: 0, ...done }),
    (error: unknown) => error as { code: number; stdout: string },
  );
  return { code, answer: JSON.parse(stdout) as Ran['answer'] };
}

const named = clients.map((client) => [`${client.file}${client.note}`, client] as const);

describe.each(named)('the client %s', (_, { file, program, options, skip }) => {
  const client = [...options, `docs/vm-control/${file}`];

  describe.each([
    ['1', 'short'],
    ['2', 'longer than a block of SHA-256'],
  ])('with signature %s and a secret that is %s', (formula, length) => {
    const environment = { VM_CONTROL_SIGNATURE: formula };

    test.skipIf(skip)('lists VMs', async () => {
      const { code, answer } = await call(servedWith(length), program, [...client, 'list'], environment);
      expect(answer).toEqual({ vms: expect.arrayContaining(['web01', 'Büro [1] & Co']) as unknown });
      expect(code).toBe(0);
    });

    test.skipIf(skip)('starts a VM with a name that must be escaped', async () => {
      const name = 'Büro [1] & Co';
      const { code, answer } = await call(
        servedWith(length),
        program,
        [...client, 'start', name],
        environment,
      );
      expect(answer).toMatchObject({ status: 'success', vm: name, output: 'VM started successfully' });
      expect([code, ...servedWith(length).control.asked]).toEqual([0, `vm.start ${name}@hv01`]);
    });

    test.skipIf(skip)('shuts down the VM of a host', async () => {
      const one = { ...environment, VM_CONTROL_HOST: 'hv01' };
      const { answer } = await call(servedWith(length), program, [...client, 'shutdown', 'db 01'], one);
      expect(answer).toMatchObject({ output: 'VM stopped' });
      expect(servedWith(length).control.asked).toEqual(['vm.shutdown db 01@hv01 force']);
    });

    test.skipIf(skip)('fails with the answer of the service', async () => {
      const args = [...client, 'restart', 'nothing'];
      const { code, answer } = await call(servedWith(length), program, args, environment);
      expect(answer).toMatchObject({ code: 'not-found', detail: "VM 'nothing' not found." });
      expect(code).toBe(1);
    });
  });

  test.skipIf(skip)('fails with a wrong secret', async () => {
    const environment = { VM_CONTROL_SECRET: 'wrong' };
    const { code, answer } = await call(servedWith('short'), program, [...client, 'list'], environment);
    expect([code, answer['code']]).toEqual([1, 'unauthenticated']);
  });

  test.skipIf(skip).each([
    [{ VM_CONTROL_URL: '' }, /VM_CONTROL_URL.* is not set/],
    // A port without a listener.
    [{ VM_CONTROL_URL: 'http://127.0.0.1:9', VM_CONTROL_KEY: 'key' }, /connect|refused/i],
  ])('says what is wrong with %o, without an answer and a stack', async (settings, expected) => {
    const env = { ...process.env, VM_CONTROL_SECRET: signer.secret, ...settings };
    const failed = await run(program, [...client, 'list'], { cwd: root, env }).catch(
      (error: unknown) => error as { code: number; stdout: string; stderr: string },
    );
    expect('code' in failed && failed.code).toBeGreaterThan(0);
    const said = failed.stdout + failed.stderr;
    expect(said).toMatch(expected);
    expect(said).not.toMatch(/Traceback|^ {4}at /m);
  });
});

describe('the examples of docs/vm-control-api.md', () => {
  const text = readFileSync(`${root}docs/vm-control-api.md`, 'utf8');
  const examples = [...text.matchAll(/^(?:curl|docs\/vm-control\/vm-control\.sh) .*$/gm)].map(
    ([line]) => line,
  );

  test('are found in the text', () => {
    expect(examples).toHaveLength(4);
  });

  test('work by address with the content type that curl chooses, without a signature', async () => {
    const plain = await serve({ API_KEY: signer.key });
    try {
      for (const line of examples.filter((one) => one.startsWith('curl'))) {
        for (const name of ['localhost', '127.0.0.1', '127.0.0.2']) {
          const silent = line.replace('curl', "curl -sS --noproxy '*'");
          const script = silent.replace('localhost:8000', `${name}:${plain.port}`);
          const { answer } = await call(plain, 'bash', ['-c', script], { API_KEY: signer.key });
          expect(answer['vms'] ?? answer['output'], script).toBeDefined();
        }
      }
      expect(plain.control.asked).toEqual(Array(3).fill('vm.start web01@hv01'));
    } finally {
      await plain.control.close();
    }
  });

  test('work with the client for bash', async () => {
    for (const line of examples.filter((one) => one.startsWith('docs/'))) {
      const { code } = await call(servedWith('short'), 'bash', ['-c', line]);
      expect(code, line).toBe(0);
    }
    expect(servedWith('short').control.asked).toEqual(['vm.start web01@hv01']);
  });

  test('show the lines that signature 2 signs', () => {
    const [, block = ''] = /```text\n([^`]*)\n```/.exec(text) ?? [];
    const lines = block.split('\n');
    expect(lines).toHaveLength(6);
    expect([lines[0], lines[1]]).toEqual(['aether-vm-2', 'POST']);
    // The SHA-256 of {}.
    expect(lines[5]).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});
