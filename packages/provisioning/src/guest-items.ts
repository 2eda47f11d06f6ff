import { sectionNames, type SectionName } from './document.ts';
import { itemNames, protocolVersion, type Items } from './items.ts';
import { readPublicKey, type PublicKey } from './rsa-keys.ts';

/** The phases of a guest's status. */
export const guestPhases = [
  'waiting',
  'refused',
  'opened',
  'applying',
  'rebooting',
  'cleaning',
  'done',
  'failed',
] as const;

/** A phase of a guest's status. */
export type GuestPhase = (typeof guestPhases)[number];

/** The guest's key of one boot. */
export interface GuestKey {
  readonly epoch: number;
  /** base64url of 32 bytes. */
  readonly nonce: string;
  readonly publicKey: PublicKey;
}

/** Progress as a guest reports it. It is not authenticated. */
export interface GuestStatus {
  readonly epoch: number;
  /** Grows with each change within an operation. */
  readonly sequence: number;
  readonly phase: GuestPhase;
  /** 0 to 100. */
  readonly progress: number;
  /** The code of a failure, or the name of a section; null for "-". */
  readonly code: string | null;
}

/** A planned reboot. The MAC is not verified yet. */
export interface RebootItem {
  /** The epoch after the reboot. */
  readonly epoch: number;
  readonly completed: readonly SectionName[];
  /** The fields that the MAC covers. */
  readonly fields: string;
  readonly mac: Buffer;
}

/** A report. The MAC is not verified yet. */
export interface ReportItem {
  readonly epoch: number;
  /** JSON. */
  readonly content: Buffer;
  /** The fields that the MAC covers. */
  readonly fields: string;
  readonly mac: Buffer;
}

/** The well-formed items of a guest for one operation. Others are null, as if they were absent. */
export interface GuestItems {
  readonly key: GuestKey | null;
  readonly status: GuestStatus | null;
  readonly reboot: RebootItem | null;
  readonly report: ReportItem | null;
}

const epochPattern = /^[1-9][0-9]{0,2}$/;
const numberPattern = /^(?:0|[1-9][0-9]{0,8})$/;
const progressPattern = /^(?:0|[1-9][0-9]?|100)$/;
const codePattern = /^(?=.{1,64}$)[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*$/;

/** Reads the items of a guest. Items of another operation or version are left out, as are malformed ones. */
export function readGuestItems(items: Items, operation: string): GuestItems {
  const read = <T>(name: string, count: number, parse: (fields: readonly string[]) => T | null): T | null => {
    const fields = items.get(name)?.split(' ') ?? [];
    const isOurs = fields.length === count && fields[0] === protocolVersion && fields[1] === operation;
    return isOurs ? parse(fields) : null;
  };
  return {
    key: read(itemNames.key, 5, readKey),
    status: read(itemNames.status, 7, readStatus),
    reboot: read(itemNames.reboot, 5, readReboot),
    report: read(itemNames.report, 5, readReport),
  };
}

function readKey([, , epochText = '', nonce = '', spkiText = '']: readonly string[]): GuestKey | null {
  const epoch = readEpoch(epochText);
  const spki = decodeBase64url(spkiText);
  const publicKey = spki === null ? null : readPublicKey(spki);
  if (epoch === null || decodeBase64url(nonce, 32) === null || publicKey === null) return null;
  return { epoch, nonce, publicKey };
}

function readStatus(fields: readonly string[]): GuestStatus | null {
  const [, , epochText = '', sequence = '', phaseText = '', progress = '', code = ''] = fields;
  const epoch = readEpoch(epochText);
  const phase = guestPhases.find((one) => one === phaseText);
  if (epoch === null || phase === undefined) return null;
  if (!numberPattern.test(sequence) || !progressPattern.test(progress)) return null;
  if (code !== '-' && !codePattern.test(code)) return null;
  return {
    epoch,
    sequence: Number(sequence),
    phase,
    progress: Number(progress),
    code: code === '-' ? null : code,
  };
}

function readReboot(fields: readonly string[]): RebootItem | null {
  const [, , epochText = '', completedText = '', macText = ''] = fields;
  const epoch = readEpoch(epochText);
  const completed = readSections(completedText);
  const mac = decodeBase64url(macText, 32);
  if (epoch === null || epoch < 2 || completed === null || mac === null) return null;
  return { epoch, completed, fields: fields.slice(0, -1).join(' '), mac };
}

function readReport(fields: readonly string[]): ReportItem | null {
  const [, , epochText = '', contentText = '', macText = ''] = fields;
  const epoch = readEpoch(epochText);
  const content = decodeBase64url(contentText);
  const mac = decodeBase64url(macText, 32);
  if (epoch === null || content === null || mac === null) return null;
  return { epoch, content, fields: fields.slice(0, -1).join(' '), mac };
}

function readSections(text: string): SectionName[] | null {
  if (text === '-') return [];
  const names = text.split(',');
  const known = sectionNames.filter((name) => names.includes(name));
  // The same names in the same order: none is unknown or listed twice.
  return known.join(',') === text ? known : null;
}

const readEpoch = (text: string): number | null => (epochPattern.test(text) ? Number(text) : null);

/** Decodes base64url without padding. Returns null if it is malformed, not canonical, or not of that length. */
export function decodeBase64url(text: string, length?: number): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  const isCanonical = text !== '' && bytes.toString('base64url') === text;
  return isCanonical && (length === undefined || bytes.length === length) ? bytes : null;
}
