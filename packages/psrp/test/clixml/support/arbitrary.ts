import fc from 'fast-check';
import {
  PsDictionary,
  PsMemberSet,
  PsObject,
  PsScalar,
  PsSequence,
  type AnyPsScalar,
  type PsPrimitive,
  type PsValue,
} from '@aether-v/psrp/clixml';

/** Strings of every kind of UTF-16 code unit, lone surrogates and what looks like an escape among them. */
export const anyString: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.nat(0xffff), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom('_x0041_', '_X', '_', 'x', '&', '<', '>', '"', ']]>', '\r\n', '\t', ' ', '\u0000'),
      {
        maxLength: 8,
      },
    )
    .map((parts) => parts.join('')),
);

const ticks = fc.nat(9_999_999).map((number) => String(number).padStart(7, '0'));

const dateTime = fc
  .tuple(
    fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    }),
    fc.oneof(
      fc.constant(''),
      ticks.map((digits) => `.${digits}`),
    ),
    fc.constantFrom('', 'Z', '+00:00', '-08:00', '+05:30', '+14:00'),
  )
  .map(([date, fraction, kind]) => date.toISOString().slice(0, 19) + fraction + kind);

const duration = fc
  .tuple(fc.constantFrom('', '-'), fc.nat(10_000_000), fc.nat(23), fc.nat(59), fc.nat(59), ticks)
  .map(([sign, days, h, m, s, fraction]) => `${sign}P${days}DT${h}H${m}M${s}.${fraction}S`);

const scalar: fc.Arbitrary<AnyPsScalar> = fc.oneof(
  fc.nat(0xffff).map((unit) => new PsScalar('C', String.fromCharCode(unit))),
  fc.integer({ min: 0, max: 255 }).map((value) => new PsScalar('By', value)),
  fc.integer({ min: -128, max: 127 }).map((value) => new PsScalar('SB', value)),
  fc.integer({ min: 0, max: 65_535 }).map((value) => new PsScalar('U16', value)),
  fc.integer({ min: -32_768, max: 32_767 }).map((value) => new PsScalar('I16', value)),
  fc.integer({ min: 0, max: 4_294_967_295 }).map((value) => new PsScalar('U32', value)),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => new PsScalar('U64', value)),
  fc.float().map((value) => new PsScalar('Sg', value)),
  fc.double().map((value) => new PsScalar('Db', value)),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 28n), max: 10n ** 28n }), fc.nat(9999))
    .map(([whole, fraction]) => new PsScalar('D', `${whole}.${fraction}`)),
  dateTime.map((value) => new PsScalar('DT', value)),
  duration.map((value) => new PsScalar('TS', value)),
  fc.uuid().map((value) => new PsScalar('G', value)),
  anyString.map((value) => new PsScalar('URI', value)),
  fc
    .array(fc.nat(2_147_483_647), { minLength: 2, maxLength: 4 })
    .map((parts) => new PsScalar('Version', parts.join('.'))),
  anyString.map((value) => new PsScalar('XD', value)),
  anyString.map((value) => new PsScalar('SBK', value)),
  fc.base64String().map((value) => new PsScalar('SS', value)),
  fc
    .record(
      {
        activity: anyString,
        activityId: fc.integer(),
        currentOperation: fc.option(anyString),
        parentActivityId: fc.integer(),
        percentComplete: fc.integer({ min: -1, max: 100 }),
        type: fc.constantFrom('Processing', 'Completed'),
        secondsRemaining: fc.integer(),
        statusDescription: anyString,
      },
      { noNullPrototype: true },
    )
    .map((record) => new PsScalar('PR', record)),
);

const primitive: fc.Arbitrary<PsPrimitive> = fc.oneof(
  anyString,
  fc.boolean(),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array(bytes)),
  scalar,
  scalar,
);

const typeNames = fc.oneof(
  fc.constantFrom<string[]>([], ['System.Object'], ['A', 'System.Object']),
  fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
);

/** An object whose parts are at most `depth` objects deep. Depth by depth, so that no generator is recursive. */
function objectOf(depth: number): fc.Arbitrary<PsObject> {
  const value = valueOf(depth - 1);
  const properties = fc
    .array(fc.tuple(anyString, value), { maxLength: 3 })
    .map((entries) => new Map<string, PsValue>(entries));
  const extended = fc
    .tuple(properties, fc.option(properties, { freq: 6 }))
    .map(([members, set]) =>
      set === null
        ? members
        : new Map<string, PsValue>([...members, ['PSStandardMembers', new PsMemberSet(set)]]),
    );
  const sequence = fc
    .tuple(fc.constantFrom('LST', 'IE', 'STK', 'QUE'), fc.array(value, { maxLength: 4 }))
    .map(([kind, items]) => new PsSequence(kind, items));
  const key = depth === 0 ? primitive : fc.oneof({ weight: 5, arbitrary: primitive }, objectOf(0));
  const dictionary = fc
    .array(fc.tuple(key, value), { maxLength: 3 })
    .map((entries) => new PsDictionary(entries));
  return fc
    .record({
      typeNames,
      toStringText: fc.option(anyString, { nil: undefined }),
      base: fc.oneof(fc.constant(undefined), primitive, sequence, dictionary),
      adapted: properties,
      extended,
    })
    .map((parts) => new PsObject(parts));
}

function valueOf(depth: number): fc.Arbitrary<PsValue> {
  const flat = fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 5, arbitrary: primitive });
  return depth <= 0 ? flat : fc.oneof({ weight: 3, arbitrary: flat }, objectOf(depth));
}

const tree = fc.oneof(primitive, objectOf(1), objectOf(2), objectOf(3));

/**
 * Any value: objects may occur again (as references), beside each other or within themselves, and may wrap another.
 */
export const anyValue: fc.Arbitrary<PsValue> = fc
  .tuple(tree, fc.nat(3), fc.nat(1000))
  .map(([value, twist, position]) => {
    if (!(value instanceof PsObject)) return value;
    switch (twist) {
      case 0:
        return new PsObject({ base: new PsSequence('LST', [value, null, value]) });
      case 1:
        return new PsObject({ toStringText: String(position), base: value });
      case 2:
        if (value.base instanceof PsSequence) value.base.items.push(value);
        return value;
      default:
        return value;
    }
  });
