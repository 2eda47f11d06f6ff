import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RebootItem, ReportItem } from './guest-items.ts';

const label = 'aether-v/provisioning/1';

/** The text that the MAC of a `reboot` item covers. @param keyDigest Digest of the key before the reboot. */
export function rebootText(fields: string, keyDigest: string): string {
  return `${label}/reboot\n${fields}\n${keyDigest}`;
}

/** The text that the MAC of a `report` item covers. */
export function reportText(fields: string): string {
  return `${label}/report\n${fields}`;
}

/** Returns the HMAC-SHA-256 of the text. */
export function mac(text: string, reportKey: Uint8Array): Buffer {
  return createHmac('sha256', reportKey).update(text).digest();
}

/** Returns whether one of the report keys made the MAC of an announced reboot. */
export function isRebootAuthentic(
  { fields, mac: given }: RebootItem,
  keyDigest: string,
  reportKeys: readonly Uint8Array[],
): boolean {
  return isMac(rebootText(fields, keyDigest), given, reportKeys);
}

/** Returns whether one of the report keys made the MAC of a report. */
export function isReportAuthentic(
  { fields, mac: given }: ReportItem,
  reportKeys: readonly Uint8Array[],
): boolean {
  return isMac(reportText(fields), given, reportKeys);
}

function isMac(text: string, given: Buffer, reportKeys: readonly Uint8Array[]): boolean {
  return reportKeys.some((key) => timingSafeEqual(mac(text, key), given));
}
