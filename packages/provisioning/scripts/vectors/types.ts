import type { Item } from '../../src/items.ts';
import type { KeyName } from './keys.ts';

/** What a guest knows, what it sees, and what comes of it. */
export interface OpeningVector {
  readonly why: string;
  readonly guest: {
    readonly vm: string;
    readonly operation: string;
    readonly epoch: number;
    readonly nonce: string;
    readonly key: KeyName;
    readonly trusted: readonly KeyName[];
    readonly completed: readonly string[];
  };
  readonly items: readonly Item[];
  /** `opened` with the plaintext, `refused` with the code, or `incomplete`. */
  readonly result: string;
  readonly code?: string;
  readonly plaintext?: string;
}

/** A MAC over the fields of an item. */
export interface MacVector {
  readonly why: string;
  readonly item: 'reboot' | 'report';
  /** base64url. */
  readonly reportKey: string;
  readonly fields: string;
  /** Only for `reboot`. */
  readonly keyDigest?: string;
  readonly value: string;
  readonly valid: boolean;
}

/** A value of a guest item, and whether it is well-formed. */
export interface GuestItemVector {
  readonly why: string;
  readonly item: 'key' | 'status' | 'reboot' | 'report';
  readonly value: string;
  readonly wellFormed: boolean;
}
