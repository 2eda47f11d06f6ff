import { documentItemNames, toItems } from './chunks.ts';
import type { DocumentSections } from './document.ts';
import {
  readGuestItems,
  type GuestItems,
  type GuestKey,
  type GuestStatus,
  type RebootItem,
} from './guest-items.ts';
import { erase, HeldDocument } from './held-document.ts';
import { collectItems, itemNames, itemPrefix, protocolVersion, type Item } from './items.ts';
import { decideKey, type AcceptedKey, type KeyRefusal } from './key-policy.ts';
import { isRebootAuthentic, isReportAuthentic } from './mac.ts';
import { readReportContent, type GuestReport } from './report.ts';
import type { SigningKey } from './rsa-keys.ts';
import { seal } from './seal.ts';

/** The reasons why an operation ends without a valid report. */
export type SessionEnd =
  | KeyRefusal
  /** The guest refused three documents. */
  | 'refused'
  /** The guest failed before it opened a document, or booted without having announced it. */
  | 'guest-failed'
  | 'report-mac'
  | 'report-form'
  | 'report-mismatch'
  /** The caller ended the operation. */
  | 'stopped';

/** A step for the caller, who takes all steps in their order, each after the one before has succeeded. */
export type Step =
  | { readonly kind: 'remove'; readonly names: readonly string[] }
  | { readonly kind: 'add'; readonly items: readonly Item[] }
  | { readonly kind: 'status'; readonly status: GuestStatus }
  | { readonly kind: 'finished'; readonly report: GuestReport }
  /** `guestCode` is the guest's unauthenticated reason, or null. */
  | { readonly kind: 'ended'; readonly code: SessionEnd; readonly guestCode: string | null };

/** The guest as the host sees it. The boot is read after the items. */
export interface Observation {
  readonly items: Iterable<Item>;
  /** Identifies the current boot of the VM: any text that changes with each boot. */
  readonly boot: string;
}

/** The settings of one operation. */
export interface SessionOptions {
  /** UUID of version 5 or 7, in lower case. */
  readonly operation: string;
  /** GUID in lower case. */
  readonly vm: string;
  readonly document: DocumentSections;
  readonly signingKey: SigningKey;
}

const maxRefusals = 3;

/**
 * The service's side of one operation, without I/O: the caller reads the guest's items, passes them in, and takes the
 * steps that come back. Calls must not overlap. After `finished` or `ended` everything secret is erased.
 */
export class ProvisioningSession {
  readonly #options: Omit<SessionOptions, 'document'>;
  readonly #document: HeldDocument;
  readonly #keys: AcceptedKey[] = [];
  /** Of the documents that were sealed in the current epoch. */
  #reportKeys: Buffer[] = [];
  #announced: RebootItem | null = null;
  #published: readonly Item[] = [];
  #generation = 0;
  #refusals = 0;
  #sequence = -1;
  #isOpened = false;
  #hasEnded = false;

  /** @throws SealError if the document is invalid or too large. */
  constructor({ document, ...options }: SessionOptions) {
    this.#options = options;
    this.#document = new HeldDocument(document);
  }

  /** Begins the operation. @param existing The VM's items; those of earlier operations are removed. */
  start(existing: Iterable<Item> = []): Step[] {
    const { operation, vm } = this.#options;
    const old = [...existing].map(({ name }) => name).filter((name) => name.startsWith(itemPrefix));
    const request = { name: itemNames.request, value: [protocolVersion, operation, vm].join(' ') };
    return [...(old.length > 0 ? [removal(old)] : []), { kind: 'add', items: [request] }];
  }

  /** Reads the guest's items. Returns the steps to take. */
  async receive({ items, boot }: Observation): Promise<Step[]> {
    const guest = readGuestItems(collectItems(items), this.#options.operation);
    const steps: Step[] = [];
    for (const react of [
      () => this.#onKey(guest, boot),
      () => this.#onStatus(guest.status),
      () => this.#onReport(guest),
    ]) {
      if (!this.#hasEnded) steps.push(...(await react()));
    }
    return steps;
  }

  /** Ends the operation before its report. Returns the steps that remove all items. */
  stop(): Step[] {
    return this.#hasEnded ? [] : this.#end('stopped');
  }

  #noteReboot(reboot: RebootItem | null): void {
    const present = this.#keys.at(-1);
    if (reboot === null || present === undefined || reboot.epoch !== present.epoch + 1) return;
    // An authentic announcement stays valid if the guest's pool is truncated afterwards.
    if (isRebootAuthentic(reboot, present.publicKey.digest, this.#reportKeys)) this.#announced = reboot;
  }

  async #onKey({ key, reboot }: GuestItems, boot: string): Promise<Step[]> {
    this.#noteReboot(reboot);
    if (key === null) return [];
    const announced = this.#announced?.epoch ?? null;
    const decision = decideKey(this.#keys, key, { boot, announced });
    if (decision.kind === 'end') return this.#end(decision.code);
    if (decision.kind === 'present') return [];
    this.#document.drop(this.#announced?.completed ?? []);
    erase(...this.#reportKeys);
    this.#reportKeys = [];
    this.#announced = null;
    this.#isOpened = false;
    this.#keys.push({ ...key, boot });
    return this.#publish(key);
  }

  async #publish(key: GuestKey): Promise<Step[]> {
    const { plaintext, reportKey } = this.#document.compose();
    this.#reportKeys.push(reportKey);
    const sealed = await seal(plaintext, { ...this.#options, key }, this.#options.signingKey);
    erase(plaintext);
    const steps = this.#withdraw();
    this.#generation += 1;
    this.#published = toItems(sealed, this.#generation);
    const manifest = this.#published.slice(-1);
    const chunks = this.#published.slice(0, -1);
    return [...steps, { kind: 'add', items: chunks }, { kind: 'add', items: manifest }];
  }

  #withdraw(): Step[] {
    const [manifest, ...chunks] = documentItemNames(this.#published);
    this.#published = [];
    return manifest === undefined ? [] : [removal([manifest]), removal(chunks)];
  }

  async #onStatus(status: GuestStatus | null): Promise<Step[]> {
    const present = this.#keys.at(-1);
    // Before its first key a guest can only fail.
    if (status === null || status.epoch !== (present?.epoch ?? 1) || status.sequence <= this.#sequence)
      return [];
    this.#sequence = status.sequence;
    const steps: Step[] = [{ kind: 'status', status }];
    if (status.phase === 'waiting') return steps;
    if (status.phase === 'refused') {
      return present === undefined ? steps : [...steps, ...(await this.#onRefusal(status, present))];
    }
    if (status.phase === 'failed') {
      // Otherwise a report follows: the guest has a report key.
      const hasNoReport = !this.#isOpened || status.code === 'interrupted';
      return hasNoReport ? [...steps, ...this.#end('guest-failed', status.code)] : steps;
    }
    this.#isOpened = true;
    return [...steps, ...this.#withdraw()];
  }

  async #onRefusal({ code }: GuestStatus, key: GuestKey): Promise<Step[]> {
    this.#refusals += 1;
    return this.#refusals < maxRefusals ? this.#publish(key) : this.#end('refused', code);
  }

  #onReport({ report }: GuestItems): Step[] {
    const present = this.#keys.at(-1);
    if (report === null || present === undefined) return [];
    if (!isReportAuthentic(report, this.#reportKeys)) return this.#end('report-mac');
    const content = readReportContent(report);
    if (content === null) return this.#end('report-form');
    const isExpected =
      report.epoch === present.epoch &&
      content.vm === this.#options.vm &&
      content.spki === present.publicKey.digest;
    if (!isExpected) return this.#end('report-mismatch');
    return [...this.#close(), { kind: 'finished', report: content }];
  }

  #end(code: SessionEnd, guestCode: string | null = null): Step[] {
    return [...this.#close(), { kind: 'ended', code, guestCode }];
  }

  #close(): Step[] {
    this.#hasEnded = true;
    this.#document.erase();
    erase(...this.#reportKeys);
    this.#reportKeys = [];
    return [...this.#withdraw(), removal([itemNames.request])];
  }
}

const removal = (names: readonly string[]): Step => ({ kind: 'remove', names });
