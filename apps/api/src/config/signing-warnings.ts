import type { PartialConfig } from './host-target.ts';

/** The minimum length of a secret that cannot be guessed, in characters. */
const strongLength = 32;

/** Returns warnings about weak signature settings. */
export function signingWarnings({
  apiKey,
  apiKeysFile,
  hmacSecret,
  hmacReplayScope,
}: PartialConfig): string[] {
  if (hmacSecret === null || hmacSecret === undefined) return [];
  const warnings: string[] = [];
  const named = apiKeysFile?.keys.filter(({ signature }) => signature === '1').map(({ name }) => name) ?? [];
  const accepting = [...(apiKey === null ? [] : ['API_KEY']), ...new Set(named)];
  if (accepting.length > 0) {
    warnings.push(
      `Signature 1 of the VM control API is accepted (${accepting.join(', ')}). It covers neither the method nor the path of a request, ` +
        'so anyone who intercepts a request can use it for another VM. Use keys that require signature 2 (npm run key:add).',
    );
  }
  if (hmacReplayScope === 'target') {
    warnings.push(
      'HMAC_REPLAY_SCOPE=target: an intercepted signature 1 can be used for other VMs. Use it over TLS only.',
    );
  }
  if (hmacSecret.reveal().length < strongLength) {
    warnings.push(
      `HMAC_SECRET has fewer than ${strongLength} characters. Use the output of openssl rand -base64 32.`,
    );
  }
  return warnings;
}
