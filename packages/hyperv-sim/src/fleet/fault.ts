import { errorCodeList, ErrorInfo } from '@aether-v/types';
import { Type, type Static } from 'typebox';

const strict = { additionalProperties: false };

/** A description of each fault's effect on a host's endpoint, for users of the admin API. */
export const faultKinds = {
  refuse: 'Resets the connection at each request, and those that are open.',
  silent: 'Accepts requests and says nothing, ever.',
  'stall-headers': 'Begins the answer and stops within its headers.',
  'stall-body': 'Sends headers and the beginning of the body, then nothing.',
  'cut-body': 'Sends headers and the beginning of the body, then closes the connection.',
  'receive-hangs': 'Answers everything but Receive.',
  'agent-error':
    'The agent answers operations with an error. Parameters: code, message, ops (all unless named).',
  slow: 'Answers each request late. Parameter: delayMs.',
  quota: 'Refuses new shells: the user has as many as are allowed (fault 2150859236).',
  'language-mode': 'The agent finds itself in ConstrainedLanguage, as application control enforces it.',
  'clock-skew':
    'The clock of the host is wrong, in all times that it tells. Parameter: seconds (below 0: behind).',
} as const;

/** The kind of a fault. */
export type FaultKind = keyof typeof faultKinds;

const plain = [
  'refuse',
  'silent',
  'stall-headers',
  'stall-body',
  'cut-body',
  'receive-hangs',
  'quota',
  'language-mode',
] as const;

/** The request of a fault. */
export const Fault = Type.Union([
  ...plain.map((kind) => Type.Object({ kind: Type.Literal(kind) }, strict)),
  Type.Object(
    { kind: Type.Literal('slow'), delayMs: Type.Integer({ minimum: 1, maximum: 600_000 }) },
    strict,
  ),
  Type.Object(
    { kind: Type.Literal('clock-skew'), seconds: Type.Integer({ minimum: -864_000, maximum: 864_000 }) },
    strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('agent-error'),
      code: Type.Optional(Type.Enum(errorCodeList)),
      message: Type.Optional(Type.String({ maxLength: 1_024 })),
      ops: Type.Optional(Type.Array(Type.String(), { maxItems: 64 })),
    },
    strict,
  ),
]);

/** The request of a fault. */
export type Fault =
  | { readonly kind: Exclude<FaultKind, 'slow' | 'agent-error' | 'clock-skew'> }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'clock-skew'; readonly seconds: number }
  | {
      readonly kind: 'agent-error';
      readonly code?: ErrorInfo['code'];
      readonly message?: string;
      readonly ops?: readonly string[];
    };

/** The error that the agent returns for an operation under this fault; null to run the operation. */
export function agentFault(fault: Fault | null, op: string): Static<typeof ErrorInfo> | null {
  if (fault?.kind !== 'agent-error') return null;
  if (fault.ops && !fault.ops.includes(op)) return null;
  const { code = 'agent-error', message = 'The Hyper-V management service does not answer.' } = fault;
  return { code, message, remedy: 'Restart the Virtual Machine Management service (vmms).' };
}
