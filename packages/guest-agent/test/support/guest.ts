import {
  itemPrefix,
  ProvisioningSession,
  type DocumentSections,
  type Item,
  type Step,
} from '@aether-v/provisioning';
import { keyPair, keys, type KeyName } from '@aether-v/provisioning/testing/vectors';
import { spawn, type ChildProcess } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { image } from './images.ts';
import { HostPool, orderly, type Delivery } from './host-pool.ts';
import { poolFile, readPoolFile } from './pool-file.ts';

const agent = join(import.meta.dirname, '../../linux');
const bootScript = join(import.meta.dirname, 'boot.sh');
const agentPath = 'usr/lib/aether-v/provisioning';

const operation = '01890a5d-ac96-774b-bcce-b302099a8057';
const vm = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

/** Settings of a guest. */
export interface GuestOptions {
  readonly shell?: 'dash' | 'bash';
  readonly delivery?: Delivery;
  /** The signing key whose public half is in the image. */
  readonly trusted?: KeyName;
  /** Lines of /proc/swaps. */
  readonly swaps?: string;
}

/** A Linux guest in a chroot, fed by the service's half of the protocol through pool files. */
export class Guest implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'guest-'));
  readonly steps: Step[] = [];
  /** All values of guest items that were seen. */
  readonly seen = new Set<string>();
  readonly #shell: string;
  readonly #session: ProvisioningSession;
  readonly #pool: HostPool;
  #boots = 0;
  #hasCrashed = false;
  #process: ChildProcess | undefined;

  constructor(document: DocumentSections, options: GuestOptions = {}) {
    this.#shell = options.shell ?? 'dash';
    for (const name of ['root', 'upper', 'overlay', 'pools']) mkdirSync(join(this.folder, name));
    writeFileSync(join(this.folder, 'swaps'), `Filename Type Size Used Priority\n${options.swaps ?? ''}`);
    mkdirSync(this.path('var/lib/hyperv'), { recursive: true });
    cpSync(agent, this.path(agentPath), { recursive: true });
    mkdirSync(this.path('etc/aether-v/provisioning'), { recursive: true });
    const { privateKey } = keyPair(keys, options.trusted ?? 'signing');
    const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
    writeFileSync(this.path('etc/aether-v/provisioning/signing.pem'), pem);
    // Neither systemd nor udev nor an SSH server runs in the guest.
    for (const program of ['reboot', 'swapoff', 'swapon', 'systemctl', 'udevadm', 'sshd']) {
      this.write(`usr/local/sbin/${program}`, `#!/bin/sh\necho "${program} $*" >>/programs\n`);
    }
    // An item of another program, and a leftover of an earlier operation in the image.
    const old = {
      name: `${itemPrefix}status`,
      value: '1 11111111-2222-7333-8444-555555555555 1 9 done 100 -',
    };
    writeFileSync(this.#guestPool, poolFile([{ name: 'CLOUD_INIT', value: 'of another program' }, old]));
    writeFileSync(
      join(this.folder, 'pools/.kvp_pool_3'),
      poolFile([{ name: 'VirtualMachineId', value: vm.toUpperCase() }]),
    );
    this.#session = new ProvisioningSession({
      operation,
      vm,
      document,
      signingKey: keyPair(keys, 'signing'),
    });
    this.#pool = new HostPool(join(this.folder, 'pools/.kvp_pool_0'), options.delivery ?? orderly, []);
  }

  /** The path of a file of the guest. */
  path(file: string): string {
    return join(this.folder, 'upper', file);
  }

  /** Reads a file that the guest wrote. */
  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  /** Writes a program into the guest. */
  write(file: string, content: string): void {
    mkdirSync(join(this.path(file), '..'), { recursive: true });
    writeFileSync(this.path(file), content, { mode: 0o755 });
  }

  /** The guest's items as the host sees them. */
  get items(): Item[] {
    return readPoolFile(readFileSync(this.#guestPool));
  }

  get #guestPool(): string {
    return join(this.folder, 'pools/.kvp_pool_1');
  }

  /** The programs that the guest started: the arguments and environments of every execve. */
  get trace(): string {
    return readFileSync(join(this.folder, 'trace'), 'utf8');
  }

  /** Whether the guest asked for a reboot since the last boot. */
  get wantsReboot(): boolean {
    return existsSync(this.path('programs')) && this.read('programs').includes('reboot');
  }

  /** Boots the guest and serves it until the agent exits. @param onPoll Called after each poll, for example to kill. */
  async boot(onPoll: (guest: Guest) => void = () => undefined): Promise<void> {
    this.#boots += 1;
    if (this.#boots === 1) await this.#take(this.#session.start());
    rmSync(this.path('programs'), { force: true });
    this.#hasCrashed = false;
    const ended = this.#start().then(() => true);
    do {
      await this.#poll();
      onPoll(this);
    } while (!(await Promise.race([ended, wait(50, false)])));
    await this.#poll();
  }

  async #poll(): Promise<void> {
    const { items } = this;
    for (const { name, value } of items) if (name.startsWith(itemPrefix)) this.seen.add(value);
    await this.#take(await this.#session.receive({ items, boot: `boot ${this.#boots}` }));
  }

  async #take(steps: readonly Step[]): Promise<void> {
    this.steps.push(...steps);
    await this.#pool.take(steps);
  }

  async #start(): Promise<void> {
    const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--fork', '--kill-child'];
    this.#process = spawn(
      'unshare',
      [...namespaces, 'sh', bootScript, image('bookworm'), this.folder, this.#shell],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          AETHER_V_INTERVAL: '0.1',
          AETHER_V_PATIENCE: '6000',
          AETHER_V_READING_TIME: '10',
          AETHER_V_FAREWELL: '6000',
        },
      },
    );
    const errors: Buffer[] = [];
    this.#process.stderr?.on('data', (part: Buffer) => errors.push(part));
    const [code] = (await once(this.#process, 'close')) as [number | null];
    if (code !== 0 && !this.#hasCrashed)
      throw new Error(`The guest ended with ${String(code)}: ${Buffer.concat(errors).toString()}`);
  }

  /** Kills the agent with its children, as systemd does after a crash. Its processes have the guest's root. */
  kill(): void {
    const pids = readdirSync('/proc').filter((pid) => /^[0-9]+$/.test(pid) && this.#isInGuest(pid));
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch (error) {
        // A process may have ended since it was listed.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    }
  }

  /** Ends the guest as a power failure does. */
  crash(): void {
    this.#hasCrashed = true;
    this.#process?.kill('SIGKILL');
  }

  #isInGuest(pid: string): boolean {
    try {
      return readlinkSync(`/proc/${pid}/root`) === join(this.folder, 'root');
    } catch {
      // The process has ended.
      return false;
    }
  }

  [Symbol.dispose](): void {
    if (this.#process?.exitCode === null) this.#process.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
