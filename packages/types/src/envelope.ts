import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { ErrorInfo } from './errors.ts';
import { OperationId, Percent, Text, Timestamp } from './scalars.ts';

/** The version of the host contract; an agent refuses any other. */
export const contractVersion = 2;

/** The longest line an agent may write, in bytes (lines are ASCII). */
export const maxLineBytes = 256 * 1024;

/** The heartbeat interval of an agent that has no other output, in seconds. */
export const heartbeatSeconds = 20;

/** The command that carries every operation. It is a command with one parameter, so that it also works under JEA. */
export const agentCommand = { name: 'Invoke-AetherVOperation', parameter: 'Request' } as const;

/**
 * The command's name after the service has loaded its own agent into the session: it ends in the start of that text's
 * SHA-256.
 */
export const sessionCommand = /^Invoke-AetherVOperation_[0-9a-f]{16}$/i;

/** The longest timeout of an operation, in seconds: a week. */
export const maxTimeoutSeconds = 604_800;

/** Identifies a request across retries: requests with the same key start an operation only once, whatever their ids. */
export const IdempotencyKey = Type.String({ minLength: 1, maxLength: 128 });

/** Distinguishes requests with the same idempotency key: SHA-256 of the caller's request, without its secrets. */
export const RequestFingerprint = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** The maximum length of a note, in characters. */
export const maxNoteLength = 65_536;

/**
 * Data of the service in a host's journal: a text that the agent stores and returns unchanged, with its HMAC-SHA-256 under a
 * key that only the service has, so that no host can forge it.
 */
export const JournalNote = Type.Object(
  {
    text: Type.String({ pattern: '^[ -~]*$', maxLength: maxNoteLength, description: 'JSON in ASCII.' }),
    mac: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  { additionalProperties: false },
);

/** A request of the service: one operation, its actor and its timeout. */
export const Envelope = Type.Object(
  {
    contract: Type.Literal(contractVersion),
    id: OperationId,
    op: Type.String({ pattern: '^[a-z]+(?:\\.[a-z][A-Za-z]*)*$', maxLength: 64 }),
    timeoutSeconds: Type.Integer({
      minimum: 1,
      maximum: maxTimeoutSeconds,
      description: 'Counted by the host from receipt, by a monotonic clock.',
    }),
    idempotencyKey: Type.Optional(IdempotencyKey),
    fingerprint: Type.Optional(RequestFingerprint),
    actor: Text,
    note: Type.Optional(JournalNote),
    fence: Type.Optional(Type.Integer({ minimum: 0 })),
    request: Type.Unknown(),
  },
  { additionalProperties: false },
);

const line = { op: OperationId, seq: Type.Integer({ minimum: 0 }) };

/** The progress of an operation; percent is null if Hyper-V does not report it. */
export const ProgressLine = Type.Object({
  ...line,
  type: Type.Literal('progress'),
  percent: nullable(Percent),
  message: Text,
});
/** One line for the job's log. */
export const LogLine = Type.Object({
  ...line,
  type: Type.Literal('log'),
  at: Timestamp,
  level: oneOf(['info', 'warning', 'error']),
  message: Text,
});
/** One item of a streamed response; the operation defines its shape. */
export const ItemLine = Type.Object({ ...line, type: Type.Literal('item'), item: Type.Unknown() });
/** Shows that the agent is alive while it has no other output. */
export const HeartbeatLine = Type.Object({ ...line, type: Type.Literal('heartbeat'), at: Timestamp });
/** The success result; the operation defines its shape. */
export const ResultLine = Type.Object({ ...line, type: Type.Literal('result'), result: Type.Unknown() });
/** The failure. */
export const ErrorLine = Type.Object({ ...line, type: Type.Literal('error'), error: ErrorInfo });

/** One JSON line written by an agent. Exactly one `result` or `error` ends an operation, and no line follows it. */
export const AgentLine = Type.Union([ProgressLine, LogLine, ItemLine, HeartbeatLine, ResultLine, ErrorLine]);

/** Data of the service in a host's journal, authenticated by its HMAC. */
export type JournalNote = Static<typeof JournalNote>;
/** A request of the service. */
export type Envelope = Static<typeof Envelope>;
/** One JSON line written by an agent. */
export type AgentLine = Static<typeof AgentLine>;
