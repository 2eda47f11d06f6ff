import { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock.ts';
import type { Config } from '../../config/settings.ts';
import type { CredentialEnds } from '../credential-ends.ts';
import { ApiKeys } from './api-keys.ts';
import { signingWarnings } from '../../config/signing-warnings.ts';

/** Builds the configured API keys, and logs warnings about weak signature settings. */
export function makeApiKeys(config: Config, clock: Clock, ends: CredentialEnds): ApiKeys {
  const { apiKey, apiKeysFile, hmacSecret } = config;
  const log = new Logger('Keys');
  for (const warning of signingWarnings(config)) log.warn(warning);
  const canSign = hmacSecret !== null;
  return new ApiKeys({
    apiKey,
    named: apiKeysFile?.keys ?? [],
    file: apiKeysFile?.path ?? null,
    canSign,
    clock,
    ends,
    log,
  });
}
