import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import {
  collectItems,
  gatherSealedText,
  itemNames,
  mac,
  open,
  readPublicKey,
  rebootText,
  reportText,
  type GuestPhase,
  type GuestReport,
  type Item,
  type Opened,
  type PublicKey,
  type Step,
} from '../../src/index.ts';

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: PublicKey;
}

/** Returns a new guest key. */
export function newKey(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const read = readPublicKey(publicKey.export({ format: 'der', type: 'spki' }));
  if (read === null) throw new Error('the generated key is unsuitable');
  return { privateKey, publicKey: read };
}

/** A guest that keeps to the protocol, on two pools in memory. */
export class SimulatedGuest {
  readonly hostItems = new Map<string, string>();
  readonly guestItems = new Map<string, string>();
  readonly #vm: string;
  readonly #trusted: readonly PublicKey[];
  #keys: KeyPair;
  #epoch = 1;
  #nonce = '';
  #sequence = 0;
  #reportKey = Buffer.alloc(0);

  constructor(vm: string, trusted: readonly PublicKey[], keys: KeyPair) {
    this.#vm = vm;
    this.#trusted = trusted;
    this.#keys = keys;
  }

  /** The guest's items as the host sees them. */
  get items(): Item[] {
    return [...this.guestItems].map(([name, value]) => ({ name, value }));
  }

  /** Takes the service's steps, and checks that no added item exists. */
  take(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.kind === 'remove') for (const name of step.names) this.hostItems.delete(name);
      if (step.kind !== 'add') continue;
      for (const { name, value } of step.items) {
        if (this.hostItems.has(name)) throw new Error(`${name} exists`);
        this.hostItems.set(name, value);
      }
    }
  }

  get operation(): string {
    return this.hostItems.get(itemNames.request)?.split(' ')[1] ?? '';
  }

  publishKey(): void {
    this.#nonce = randomBytes(32).toString('base64url');
    const spki = this.#keys.publicKey.spki.toString('base64url');
    this.#set('key', `${this.#epoch} ${this.#nonce} ${spki}`);
    this.status('waiting');
  }

  status(phase: GuestPhase, code = '-'): void {
    this.#set('status', `${this.#epoch} ${this.#sequence} ${phase} 0 ${code}`);
    this.#sequence += 1;
  }

  async open(): Promise<Opened | null> {
    const items = [...this.hostItems].map(([name, value]) => ({ name, value }));
    const gathered = gatherSealedText(collectItems(items));
    if (gathered.kind !== 'complete') return null;
    const opened = await open(gathered.text, {
      vm: this.#vm,
      operation: this.operation,
      key: { epoch: this.#epoch, nonce: this.#nonce, publicKey: this.#keys.publicKey },
      privateKey: this.#keys.privateKey,
      trusted: this.#trusted,
      completed: [],
    });
    if (opened.kind === 'opened') this.#reportKey = Buffer.from(opened.document.reportKey, 'base64url');
    this.status(opened.kind, opened.kind === 'refused' ? opened.code : '-');
    return opened;
  }

  announceReboot(completed: string): void {
    const fields = `1 ${this.operation} ${this.#epoch + 1} ${completed}`;
    const code = mac(rebootText(fields, this.#keys.publicKey.digest), this.#reportKey);
    this.#set('reboot', `${this.#epoch + 1} ${completed} ${code.toString('base64url')}`);
    this.status('rebooting');
  }

  boot(keys: KeyPair): void {
    this.#epoch += 1;
    this.#keys = keys;
  }

  report(change: Partial<GuestReport> = {}, key: Uint8Array = this.#reportKey): void {
    const content: GuestReport = {
      vm: this.#vm,
      spki: this.#keys.publicKey.digest,
      result: 'done',
      code: '-',
      itemsRemoved: true,
      hostKeys: [],
      ...change,
    };
    const text = Buffer.from(JSON.stringify(content)).toString('base64url');
    const code = mac(reportText(`1 ${this.operation} ${this.#epoch} ${text}`), key).toString('base64url');
    this.#set('report', `${this.#epoch} ${text} ${code}`);
    this.status('done');
  }

  #set(name: keyof typeof itemNames, fields: string): void {
    this.guestItems.set(itemNames[name], `1 ${this.operation} ${fields}`);
  }
}
