import { itemNames } from '../../src/items.ts';
import { mac, rebootText, reportText } from '../../src/mac.ts';
import { keyPair, type StoredKey } from './keys.ts';
import { operation } from './openings.ts';
import type { GuestItemVector, MacVector } from './types.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const otherKey = Buffer.alloc(32, 1);
const nonce = Buffer.alloc(32, 7).toString('base64url');
const rebootFields = `1 ${operation} 2 hostname,users`;

function reportFields(digest: string): string {
  const report = {
    vm: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    spki: digest,
    result: 'done',
    code: '-',
    itemsRemoved: true,
    hostKeys: [`ssh-ed25519 SHA256:${'A'.repeat(43)}`],
  };
  return `1 ${operation} 1 ${Buffer.from(JSON.stringify(report)).toString('base64url')}`;
}

/** Returns the vectors of MACs. */
export function macVectors(keys: readonly StoredKey[]): MacVector[] {
  const { digest } = keyPair(keys, 'guest');
  const report = reportFields(digest);
  const reboot = (why: string, code: Buffer, valid: boolean): MacVector => ({
    why,
    item: 'reboot',
    reportKey: key.toString('base64url'),
    fields: rebootFields,
    keyDigest: digest,
    value: `${rebootFields} ${code.toString('base64url')}`,
    valid,
  });
  const ofReport = (why: string, code: Buffer, valid: boolean): MacVector => ({
    why,
    item: 'report',
    reportKey: key.toString('base64url'),
    fields: report,
    value: `${report} ${code.toString('base64url')}`,
    valid,
  });
  return [
    reboot('an announced reboot', mac(rebootText(rebootFields, digest), key), true),
    reboot('another report key', mac(rebootText(rebootFields, digest), otherKey), false),
    reboot('another key digest', mac(rebootText(rebootFields, keyPair(keys, 'stranger').digest), key), false),
    reboot('the label of a report', mac(reportText(rebootFields), key), false),
    ofReport('a report', mac(reportText(report), key), true),
    ofReport('a report with another key', mac(reportText(report), otherKey), false),
    ofReport('a report with changed fields', mac(reportText(`${report}x`), key), false),
  ];
}

/** Returns the vectors of the form of guest items. */
export function guestItemVectors(keys: readonly StoredKey[]): GuestItemVector[] {
  const spki = keyPair(keys, 'guest').spki.toString('base64url');
  const code = Buffer.alloc(32, 3).toString('base64url');
  const of = (
    item: GuestItemVector['item'],
    cases: Record<string, readonly [string, boolean]>,
  ): GuestItemVector[] =>
    Object.entries(cases).map(([why, [value, wellFormed]]) => ({ why, item, value, wellFormed }));
  return [
    ...of('key', {
      'a key': [`1 ${operation} 1 ${nonce} ${spki}`, true],
      'a key of another version': [`2 ${operation} 1 ${nonce} ${spki}`, false],
      'a key of another operation': [`1 ${operation.replace('0', '1')} 1 ${nonce} ${spki}`, false],
      'a key of epoch 0': [`1 ${operation} 0 ${nonce} ${spki}`, false],
      'an epoch with a leading zero': [`1 ${operation} 01 ${nonce} ${spki}`, false],
      'a nonce of 31 bytes': [`1 ${operation} 1 ${Buffer.alloc(31).toString('base64url')} ${spki}`, false],
      'a cut SPKI': [`1 ${operation} 1 ${nonce} ${spki.slice(0, -8)}`, false],
      'an SPKI with padding': [`1 ${operation} 1 ${nonce} ${spki}==`, false],
      'two spaces': [`1 ${operation} 1  ${nonce} ${spki}`, false],
      'a field more': [`1 ${operation} 1 ${nonce} ${spki} x`, false],
      'a space at the end': [`1 ${operation} 1 ${nonce} ${spki} `, false],
    }),
    ...of('status', {
      'a status': [`1 ${operation} 1 0 waiting 0 -`, true],
      'a status with a code': [`1 ${operation} 1 12 refused 10 wrong-vm`, true],
      'a section': [`1 ${operation} 1 13 applying 40 sshKeys`, true],
      'an unknown phase': [`1 ${operation} 1 0 thinking 0 -`, false],
      'more than 100 percent': [`1 ${operation} 1 0 waiting 101 -`, false],
      'a code with a space': [`1 ${operation} 1 0 failed 0 no disk`, false],
      'a negative sequence': [`1 ${operation} 1 -1 waiting 0 -`, false],
    }),
    ...of('reboot', {
      'an announcement': [`${rebootFields} ${code}`, true],
      'nothing is completed': [`1 ${operation} 2 - ${code}`, true],
      'an announcement of epoch 1': [`1 ${operation} 1 - ${code}`, false],
      'an unknown section': [`1 ${operation} 2 hostname,disks ${code}`, false],
      'sections in another order': [`1 ${operation} 2 users,hostname ${code}`, false],
      'a short MAC': [`${rebootFields} ${code.slice(1)}`, false],
    }),
    ...of('report', {
      'a report': [`${reportFields(keyPair(keys, 'guest').digest)} ${code}`, true],
      'a report without a MAC': [reportFields(keyPair(keys, 'guest').digest), false],
      'a report that is no base64url': [`1 ${operation} 1 {} ${code}`, false],
    }),
  ];
}

/** The full name of a guest item. */
export const guestItemName = (item: GuestItemVector['item']): string => itemNames[item];
