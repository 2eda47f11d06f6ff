import type { Random } from './random.ts';

/** Changes bytes; `other` is another recording to take parts of. */
export type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

function span(length: number, random: Random, most = 200): [from: number, to: number] {
  const from = random.below(length + 1);
  return [from, Math.min(length, from + random.below(most))];
}

function insert(bytes: Buffer, at: number, piece: Buffer | string): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(piece), bytes.subarray(at)]);
}

/** Just behind the end of some tag: where elements and text may stand. */
function behindTag(bytes: Buffer, random: Random): number {
  const at = bytes.indexOf('>', random.below(bytes.length + 1));
  return at < 0 ? 0 : at + 1;
}

const entities = [
  '<!DOCTYPE a [<!ENTITY x "y">]>',
  '<!DOCTYPE a [<!ENTITY b "haha"><!ENTITY c "&b;&b;&b;&b;">]>',
  '&x;',
  '&#0;',
  '&#xD800;',
  '&#x110000;',
  '&#xE000;0&#xE000;',
  '&#99999999999999999999;',
  '\uE0000\uE000',
  '<![CDATA[',
  ']]>',
  '<?xml version="1.1"?>',
  '<!--',
  '_xD83D_',
  '_x0000_',
  '_x005F_x',
];

const numbers = [
  '99999999999999999999999999999999',
  '-99999999999999999999999999999999',
  '4294967296',
  '-1',
  '1e999',
  'NaN',
  '0x7fffffff',
  '',
];

/** By what they do to bytes of any kind. */
export const byteMutations = {
  flip: (bytes, random) => {
    const changed = Buffer.from(bytes);
    for (let count = 1 + random.below(4); count > 0 && changed.length > 0; count -= 1) {
      const at = random.below(changed.length);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << random.below(8)), at);
    }
    return changed;
  },
  truncate: (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  drop: (bytes, random) => {
    const [from, to] = span(bytes.length, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  repeat: (bytes, random) => {
    const [from, to] = span(bytes.length, random);
    const piece = bytes.subarray(from, to);
    return insert(bytes, to, Buffer.concat(Array.from({ length: 1 + random.below(20) }, () => piece)));
  },
  nulls: (bytes, random) => insert(bytes, random.below(bytes.length + 1), Buffer.alloc(1 + random.below(30))),
  splice: (bytes, random, other) =>
    Buffer.concat([
      bytes.subarray(0, random.below(bytes.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]),
  graft: (bytes, random, other) => {
    const [from, to] = span(other.length, random, 2_000);
    return insert(bytes, random.below(bytes.length + 1), other.subarray(from, to));
  },
  lengths: (bytes, random) => {
    if (bytes.length < 4) return bytes;
    const changed = Buffer.from(bytes);
    changed.writeUInt32BE(
      random.pick([0, 1, 0x7fffffff, 0x80000000, 0xffffffff]),
      random.below(bytes.length - 3),
    );
    return changed;
  },
} as const satisfies Record<string, Mutation>;

/** Elements without children. */
function leavesOf(bytes: Buffer): RegExpExecArray[] {
  return [...bytes.toString('latin1').matchAll(/<([\w:]+)[^<>]*(?:\/>|>[^<>]*<\/\1>)/g)];
}

function replaceLeaf(bytes: Buffer, random: Random, by: (leaf: string) => string): Buffer {
  const leaves = leavesOf(bytes);
  if (leaves.length === 0) return bytes;
  const { index, 0: leaf } = random.pick(leaves);
  const text = bytes.toString('latin1');
  return Buffer.from(text.slice(0, index) + by(leaf) + text.slice(index + leaf.length), 'latin1');
}

/** By what they do to XML that stays well-formed, so that what reads its content is reached. */
export const leafMutations = {
  dropLeaf: (bytes, random) => replaceLeaf(bytes, random, () => ''),
  repeatLeaf: (bytes, random) => replaceLeaf(bytes, random, (leaf) => leaf.repeat(random.pick([2, 3, 500]))),
  otherLeaf: (bytes, random, other) => {
    const others = leavesOf(other);
    return replaceLeaf(bytes, random, (leaf) => (others.length === 0 ? leaf : random.pick(others)[0]));
  },
  emptyLeaf: (bytes, random) => replaceLeaf(bytes, random, (leaf) => leaf.replace(/>[^<>]+</, '><')),
  longLeaf: (bytes, random) =>
    replaceLeaf(bytes, random, (leaf) =>
      leaf.replace(/>[^<>]*</, `>${'A'.repeat(random.pick([4, 20_000]))}<`),
    ),
} as const satisfies Record<string, Mutation>;

/** By what they do to XML. */
export const xmlMutations = {
  nest: (bytes, random) => {
    const name = random.pick(['Obj', 'MS', 'LST', 'S', 'TNRef', 's:Body', 'DCT', 'En']);
    const depth = random.pick([10, 40, 200, 3_000]);
    const at = behindTag(bytes, random);
    const nested = `<${name}>`.repeat(depth) + (random.below(2) === 0 ? `</${name}>`.repeat(depth) : '');
    return insert(bytes, at, nested);
  },
  entity: (bytes, random) => insert(bytes, behindTag(bytes, random), random.pick(entities)),
  attribute: (bytes, random) => {
    const at = bytes.indexOf('>', random.below(bytes.length + 1));
    const more = Array.from({ length: random.pick([1, 50]) }, (_, index) => ` a${index}="&lt;"`).join('');
    return at < 0 ? bytes : insert(bytes, at, more);
  },
  number: (bytes, random) => {
    const text = bytes.toString('latin1');
    const found = [...text.matchAll(/\d+/g)];
    if (found.length === 0) return bytes;
    const { index, 0: digits } = random.pick(found);
    return Buffer.from(
      text.slice(0, index) + random.pick(numbers) + text.slice(index + digits.length),
      'latin1',
    );
  },
  rename: (bytes, random) => {
    const names = [
      'Obj',
      'MS',
      'I32',
      'S',
      'Nil',
      'TN',
      'T',
      'Ref',
      'LST',
      'DCT',
      'En',
      'B',
      'G',
      'BA',
      'DT',
      'TS',
      'Db',
      'D',
    ];
    const from = random.pick(names);
    const to = random.pick(names);
    return Buffer.from(
      bytes.toString('latin1').replaceAll(`<${from}>`, `<${to}>`).replaceAll(`</${from}>`, `</${to}>`),
      'latin1',
    );
  },
} as const satisfies Record<string, Mutation>;

const ofBytes: readonly Mutation[] = Object.values(byteMutations);
const ofLeaves: readonly Mutation[] = Object.values(leafMutations);
const ofXml: readonly Mutation[] = [...ofBytes, ...Object.values(xmlMutations), ...ofLeaves];

/**
 * One to three mutations one after the other, never longer than so many bytes. Of XML every other case stays well-formed: what
 * a parser refuses at once never gets to what reads its elements.
 */
export function mutate(
  bytes: Buffer,
  random: Random,
  other: Buffer,
  kind: 'bytes' | 'xml',
  maxLength: number,
): Buffer {
  let changed = bytes;
  const choice = kind === 'bytes' ? ofBytes : random.below(2) === 0 ? ofXml : ofLeaves;
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    changed = random.pick(choice)(changed, random, other);
  }
  return changed.subarray(0, maxLength);
}
