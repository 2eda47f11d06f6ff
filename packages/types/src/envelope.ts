import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { ErrorInfo } from './errors.ts';
import { OperationId, Percent, Text, Timestamp } from './scalars.ts';

/** The version of the host contract; an agent refuses any other. */
export const contractVersion = 2;

/** The longest line an agent may write, in bytes (lines are ASCII). */
export const maxLineBytes = 256 * 1024;

/** An agent that has nothing else to say writes a heartbeat this often, in seconds. */
export const heartbeatSeconds = 20;

/** The command that carries every operation; called as a command with a parameter so that it also runs under JEA. */
export const agentCommand = { name: 'Invoke-AetherVOperation', parameter: 'Request' } as const;

/** What it is called where the service has loaded its own agent into the session: with the beginning of that text's SHA-256. */
export const sessionCommand = /^Invoke-AetherVOperation_[0-9a-f]{16}$/i;

/** The longest time that an operation may be given, in seconds: a week. */
export const maxTimeoutSeconds = 604_800;

/** Names a request: sent again under it, by whatever id, an operation begins once. */
export const IdempotencyKey = Type.String({ minLength: 1, maxLength: 128 });

/** Tells requests of one idempotency key apart: SHA-256 of what the caller asked for, without its secrets. */
export const RequestFingerprint = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** The longest text of a note, in characters. */
export const maxNoteLength = 65_536;

/**
 * What the service wants to find again in the journal of a host: a text that the agent stores and returns to the letter, and its
 * HMAC-SHA-256 by a key that only the service has, so that no host can forge it.
 */
export const JournalNote = Type.Object(
  {
    text: Type.String({ pattern: '^[ -~]*$', maxLength: maxNoteLength, description: 'JSON in ASCII.' }),
    mac: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  { additionalProperties: false },
);

/** The request of the service: one operation, its actor and its timeout. */
export const Envelope = Type.Object(
  {
    contract: Type.Literal(contractVersion),
    id: OperationId,
    op: Type.String({ pattern: '^[a-z]+(?:\\.[a-z][A-Za-z]*)*$', maxLength: 64 }),
    timeoutSeconds: Type.Integer({
      minimum: 1,
      maximum: maxTimeoutSeconds,
      description: 'Counted by the host from receipt, by a clock that nobody sets.',
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

/** How far an operation is; percent is null where Hyper-V says none. */
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
/** One item of a streamed answer; its shape is the operation's. */
export const ItemLine = Type.Object({ ...line, type: Type.Literal('item'), item: Type.Unknown() });
/** Nothing happened, and the agent is alive. */
export const HeartbeatLine = Type.Object({ ...line, type: Type.Literal('heartbeat'), at: Timestamp });
/** The good end; its shape is the operation's. */
export const ResultLine = Type.Object({ ...line, type: Type.Literal('result'), result: Type.Unknown() });
/** The bad end. */
export const ErrorLine = Type.Object({ ...line, type: Type.Literal('error'), error: ErrorInfo });

/** One JSON line that an agent writes. Exactly one of `result` and `error` ends an operation, and nothing follows it. */
export const AgentLine = Type.Union([ProgressLine, LogLine, ItemLine, HeartbeatLine, ResultLine, ErrorLine]);

/** A text in the journal that only the service can have written. */
export type JournalNote = Static<typeof JournalNote>;
/** The request of the service. */
export type Envelope = Static<typeof Envelope>;
/** One JSON line that an agent writes. */
export type AgentLine = Static<typeof AgentLine>;
