import { isPsScalar, PsDictionary, PsObject, PsSequence, type PsValue } from '@aether-v/psrp/clixml';
import { scalarCodecs } from '../../../src/clixml/scalars.ts';

/**
 * What .NET and PowerShell show of a value, worked out from the model alone: these are compared with what PowerShell
 * itself said of the goldens.
 */

/** Type names, as `$value.PSTypeNames` gives them. */
export function typeNames(value: PsValue): string[] | null {
  if (value === null) return null;
  if (value instanceof PsObject) return [...value.typeNames];
  if (typeof value === 'string') return ['System.String', 'System.Object'];
  if (value instanceof Uint8Array) return ['System.Byte[]', 'System.Array', 'System.Object'];
  if (typeof value === 'boolean') return valueType('System.Boolean');
  if (typeof value === 'number') return valueType('System.Int32');
  if (typeof value === 'bigint') return valueType('System.Int64');
  if (value.tag === 'PR') return ['System.Management.Automation.ProgressRecord', 'System.Object'];
  const name = scalarCodecs[value.tag].dotnetType;
  return value.tag === 'URI' || value.tag === 'Version' || value.tag === 'SBK'
    ? [name, 'System.Object']
    : valueType(name);
}

function valueType(name: string): string[] {
  return [name, 'System.ValueType', 'System.Object'];
}

/** `"$value"`, as PowerShell converts it. */
export function asString(value: PsValue): string {
  if (value === null) return '';
  if (value instanceof PsObject) return value.toStringText ?? objectAsString(value);
  if (value instanceof Uint8Array) return value.join(' ');
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (!isPsScalar(value)) return String(value);
  switch (value.tag) {
    case 'Db':
      return String(Number(value.value.toPrecision(15)));
    case 'Sg':
      return String(Number(value.value.toPrecision(7)));
    case 'DT':
      return value.value.replace(/^(\d+)-(\d+)-(\d+)T(.{8}).*$/, '$2/$3/$1 $4');
    case 'TS':
      return durationAsString(value.value);
    case 'PR':
      return value.value.activity;
    default:
      return String(value.value);
  }
}

function objectAsString({ base, typeNames: [type = ''], extended }: PsObject): string {
  if (base instanceof PsSequence) return base.items.map((item) => asPart(item)).join(' ');
  if (base instanceof PsDictionary) return type;
  return `@{${[...extended].map(([name, item]) => `${name}=${asPart(item)}`).join('; ')}}`;
}

/** Within another value, a custom object is empty and a collection its type. */
function asPart(value: PsValue): string {
  if (!(value instanceof PsObject)) return asString(value);
  return value.base === undefined ? '' : (value.typeNames[0] ?? '');
}

const ticksPerSecond = 10_000_000n;

function ticksOf(duration: string): bigint {
  const match = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$/.exec(duration);
  if (match === null) throw new Error(`Not a duration: ${duration}`);
  const [, sign, days, hours, minutes, seconds, fraction] = match as (string | undefined)[];
  const n = (digits: string | undefined): bigint => BigInt(digits ?? 0);
  const whole = ((n(days) * 24n + n(hours)) * 60n + n(minutes)) * 60n + n(seconds);
  const ticks = whole * ticksPerSecond + BigInt((fraction ?? '').padEnd(7, '0'));
  return sign === '-' ? -ticks : ticks;
}

function durationAsString(duration: string): string {
  const ticks = ticksOf(duration);
  const magnitude = ticks < 0n ? -ticks : ticks;
  const two = (number: bigint): string => String(number).padStart(2, '0');
  const seconds = magnitude / ticksPerSecond;
  const days = seconds / 86_400n;
  const fraction = magnitude % ticksPerSecond;
  const clock = [(seconds / 3600n) % 24n, (seconds / 60n) % 60n, seconds % 60n].map(two).join(':');
  return `${ticks < 0n ? '-' : ''}${days > 0n ? `${days}.` : ''}${clock}${fraction > 0n ? `.${String(fraction).padStart(7, '0')}` : ''}`;
}

/** What `ConvertTo-Json` gives for the value that PowerShell made of our text, long integers as text. */
export function asJson(value: PsValue): unknown {
  if (value instanceof PsObject) return objectAsJson(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return [...value].map(String);
  if (typeof value === 'number') return String(value);
  if (!isPsScalar(value)) return value;
  switch (value.tag) {
    case 'Db':
      return Number.isFinite(value.value) ? String(value.value) : JSON.parse(`"${value.value}"`);
    case 'Sg':
      return String(Number(value.value.toPrecision(7)));
    case 'By':
    case 'SB':
    case 'I16':
    case 'U16':
    case 'U32':
    case 'U64':
      return String(value.value);
    case 'TS':
      return { Ticks: String(ticksOf(value.value)) };
    case 'Version': {
      const [Major = '-1', Minor = '-1', Build = '-1', Revision = '-1'] = value.value.split('.');
      return { Major, Minor, Build, Revision };
    }
    default:
      return value.value;
  }
}

function objectAsJson({ base, toStringText, adapted, extended }: PsObject): unknown {
  if (base instanceof PsSequence) return base.items.map(asJson);
  if (base instanceof PsDictionary) {
    return Object.fromEntries(base.entries.map(([key, item]) => [asString(key), asJson(item)]));
  }
  if (base !== undefined) return { value: asJson(base), Value: toStringText };
  return Object.fromEntries([...adapted, ...extended].map(([name, item]) => [name, asJson(item)]));
}

/** Parses what ConvertTo-Json wrote, numbers as text so that long ones stay exact. */
export function readPowerShellJson(json: string): unknown {
  return JSON.parse(json, (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value,
  );
}
