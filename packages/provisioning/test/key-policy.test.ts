import { expect, test } from 'vitest';
import { keyPair, type KeyName } from '../scripts/vectors/keys.ts';
import { decideKey, type AcceptedKey, type GuestKey } from '../src/index.ts';
import { keys } from './support/vectors.ts';

function key(epoch: number, name: KeyName, nonce = name): GuestKey {
  return { epoch, nonce, publicKey: keyPair(keys, name) };
}
const accepted = (epoch: number, name: KeyName, boot: string): AcceptedKey => ({ ...key(epoch, name), boot });
const first = accepted(1, 'guest', 'boot 1');

test.each([
  ['accepts the first key', [], key(1, 'guest'), { boot: 'boot 1', announced: null }, 'accept'],
  [
    'refuses a first key of epoch 2',
    [],
    key(2, 'guest'),
    { boot: 'boot 1', announced: null },
    'unannounced-key',
  ],
  ['keeps the present key', [first], key(1, 'guest'), { boot: 'boot 1', announced: null }, 'present'],
  [
    'keeps the present key after a boot',
    [first],
    key(1, 'guest'),
    { boot: 'boot 2', announced: 2 },
    'present',
  ],
  [
    'refuses a second key of an epoch',
    [first],
    key(1, 'stranger'),
    { boot: 'boot 2', announced: 2 },
    'second-key',
  ],
  [
    'refuses the present key with another nonce',
    [first],
    key(1, 'guest', 'stranger'),
    { boot: 'boot 1', announced: null },
    'second-key',
  ],
  [
    'accepts one new key after an announced boot',
    [first],
    key(2, 'guest-after-reboot'),
    { boot: 'boot 2', announced: 2 },
    'accept',
  ],
  [
    'refuses a new key that was not announced',
    [first],
    key(2, 'guest-after-reboot'),
    { boot: 'boot 2', announced: null },
    'unannounced-key',
  ],
  [
    'refuses a new key before the boot',
    [first],
    key(2, 'guest-after-reboot'),
    { boot: 'boot 1', announced: 2 },
    'key-without-boot',
  ],
  [
    'refuses a key that skips an epoch',
    [first],
    key(3, 'guest-after-reboot'),
    { boot: 'boot 2', announced: 3 },
    'unannounced-key',
  ],
  [
    'refuses the key of the epoch before',
    [first],
    key(2, 'guest', 'stranger'),
    { boot: 'boot 2', announced: 2 },
    'key-reused',
  ],
  [
    'refuses the nonce of the epoch before',
    [first],
    key(2, 'guest-after-reboot', 'guest'),
    { boot: 'boot 2', announced: 2 },
    'key-reused',
  ],
  [
    'refuses a second key after the reboot',
    [first, accepted(2, 'guest-after-reboot', 'boot 2')],
    key(2, 'stranger'),
    { boot: 'boot 3', announced: 2 },
    'second-key',
  ],
] as const)('the policy for keys %s', (_, history, offered, facts, expected) => {
  const decision = decideKey(history, offered, facts);
  expect(decision.kind === 'end' ? decision.code : decision.kind).toBe(expected);
});
