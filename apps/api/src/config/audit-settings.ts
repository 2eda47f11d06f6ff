import { listOf, oneOf, text } from './parsers.ts';
import { optional, secretSetting } from './setting.ts';
import { signingKey } from './signing-key.ts';

/** The settings of the audit log. */
export const auditSettings = {
  logDirectory: optional(
    'LOG_DIR',
    text(4096),
    'The folder of `audit.log`, which records every change (`docs/audit.md`), and `app.log`, the service log (`docs/logs.md`). It is created if necessary, and may be relative to the working directory.\n' +
      'Each running service needs a different folder. Audit records are always written to standard output as well.',
  ),
  auditSigningKey: secretSetting(
    'AUDIT_SIGNING_KEY',
    signingKey,
    'The Ed25519 private key that signs checkpoints of the audit log: PEM (`\\n` stands for a line break), or its 32 bytes in base64, such as the output of `openssl rand -base64 32`.\n' +
      'Without it each start makes a new key, and the log cannot be verified across starts.',
  ),
  auditRequired: optional(
    'AUDIT_REQUIRED',
    listOf(oneOf(['file', 'stdout'])),
    'Where audit records must be written before a change begins, separated by commas: `file`, `stdout`. While one of them fails, changes are refused with 503 `audit-unavailable`; reading remains possible.\n' +
      'The default is `file` if LOG_DIR is set, otherwise `stdout`.',
  ),
};
