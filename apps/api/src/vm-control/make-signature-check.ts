import { Logger } from '@nestjs/common';
import { auditPathOf, keptAuditFiles } from '../audit/make-audit.ts';
import { recentSignatures } from '../audit/recent-signatures.ts';
import { systemClock, type Clock } from '../common/clock.ts';
import type { Config } from '../config/settings.ts';
import { SignatureCheck } from '../auth/signing/signature-check.ts';
import { recoveredAge, restoreMemory, type EarlierUses } from '../auth/signing/signing-memory.ts';

/** Builds the configured signature check, with the marks of the last minutes. */
export async function makeSignatureCheck(config: Config, clock: Clock): Promise<SignatureCheck> {
  const { hmacSecret: secret, hmacReplayScope: scope } = config;
  const now = (): number => clock.now();
  // The start of the process: an earlier one may have executed requests that were signed before it.
  const startedAt = clock === systemClock ? performance.timeOrigin : clock.now();
  const earlier = secret === null ? unknown : await earlierUses(config, startedAt);
  const memory = restoreMemory(earlier, { scope, startedAt, now });
  return new SignatureCheck({ secret, scope, clock, memory });
}

const unknown: EarlierUses = { signatures: [], completeSince: null };

/** The audit file is complete only if changes wait for it. */
async function earlierUses(config: Config, startedAt: number): Promise<EarlierUses> {
  const path = auditPathOf(config);
  if (path === null || config.auditRequired?.includes('file') === false) return unknown;
  const found = await recentSignatures(path, startedAt - recoveredAge, keptAuditFiles);
  if (found.problem !== null) {
    new Logger('Keys').warn(
      `The audit file cannot be read completely (${found.problem}). Changes that were signed before its oldest readable record are refused; clients must sign them again.`,
    );
  }
  return found;
}
