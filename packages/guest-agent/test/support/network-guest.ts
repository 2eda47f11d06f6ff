import type { DocumentSections } from '@aether-v/provisioning';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flatten } from './flatten.ts';
import { image } from './images.ts';

const agent = join(import.meta.dirname, '../../linux');

/** The section `network` of a document. */
export type Network = NonNullable<DocumentSections['network']>;

/** Scripts that leave a guest with one program that configures the network. */
export const backends = {
  netplan: '',
  networkmanager: 'rm -f /usr/sbin/netplan\n',
  networkd:
    'rm -f /usr/sbin/netplan\n/bin/systemctl -q disable NetworkManager.service\n/bin/systemctl -q enable systemd-networkd.service\n',
  ifupdown: 'rm -f /usr/sbin/netplan\n/bin/systemctl -q disable NetworkManager.service\n',
} as const;

/** The name of a program that configures the network. */
export type Backend = keyof typeof backends;

/** A Debian guest with two adapters, 00:15:5d:00:00:01 and :02, to which the section `network` is applied. */
export class NetworkGuest implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'network-'));

  constructor() {
    for (const name of ['root', 'upper', 'overlay']) mkdirSync(join(this.folder, name));
    cpSync(agent, this.path('usr/lib/aether-v/provisioning'), { recursive: true });
    // netplan waits for udev, which does not run.
    this.write('usr/local/sbin/udevadm', '#!/bin/sh\n', 0o755);
    this.write(
      'usr/local/sbin/systemctl',
      readFileSync(join(import.meta.dirname, 'systemctl.sh'), 'utf8'),
      0o755,
    );
  }

  /** The path of a file that differs from the image. */
  path(file: string): string {
    return join(this.folder, 'upper', file);
  }

  /** Reads a file that differs from the image. */
  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  /** Returns whether the guest has made a file. */
  has(file: string): boolean {
    return existsSync(this.path(file));
  }

  /** Writes a file into the guest. */
  write(file: string, content: string, mode = 0o644): void {
    mkdirSync(join(this.path(file), '..'), { recursive: true });
    writeFileSync(this.path(file), content, { mode });
  }

  /**
   * Runs a script in the guest, in which `apply-network` applies the section. Returns the output.
   * @throws Error if the script fails.
   */
  run(network: Network, script: string, shell: 'dash' | 'bash' = 'dash'): string {
    writeFileSync(join(this.folder, 'document'), `${flatten({ network }).join('\n')}\n`);
    writeFileSync(join(this.folder, 'script'), script);
    const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--fork', '--kill-child'];
    const inner = ['sh', join(import.meta.dirname, 'apply-network.sh'), image('bookworm'), this.folder];
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      [...namespaces, ...inner, shell, join(this.folder, 'script')],
      { encoding: 'utf8', env: { PATH: process.env['PATH'] }, timeout: 120_000 },
    );
    if (status !== 0) throw new Error(`The guest's script ended with ${String(status)}: ${stdout}${stderr}`);
    return stdout;
  }

  /** The exit status of the last `apply-network`, and the code of its failure. */
  get result(): string {
    return this.read('result').trim();
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
