import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { Timestamp } from './scalars.ts';

const seq = Type.Integer({ minimum: 0, description: 'The number of the record in the chain of this start.' });
const hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'The SHA-256 of its line.' });
const keyId = Type.String({ description: 'The first 16 digits of the SHA-256 of the public key.' });

/** A signed statement about the audit chain: all records up to `seq` lead to this hash. */
export const AuditCheckpoint = Type.Object(
  {
    seq,
    head: hash,
    time: Timestamp,
    key: keyId,
    signature: Type.String({ description: 'Ed25519, in base64.' }),
  },
  { $id: 'AuditCheckpoint' },
);

/** The head of the audit chain, its last checkpoint, and the state of the places that keep it. */
export const AuditHead = Type.Object(
  {
    seq,
    hash,
    key: Type.Object({
      id: keyId,
      public: Type.String({ description: 'The Ed25519 public key, in base64.' }),
    }),
    checkpoint: nullable(AuditCheckpoint),
    sinks: Type.Array(
      Type.Object({
        name: oneOf(['file', 'stdout']),
        required: Type.Boolean({ description: 'Whether changes are refused while it fails.' }),
        problem: nullable(Type.String({ description: 'The reason why it fails; null if it works.' })),
      }),
    ),
  },
  { $id: 'AuditHead' },
);

/** A signed statement about the audit chain. */
export type AuditCheckpoint = Static<typeof AuditCheckpoint>;
/** The head of the audit chain, its last checkpoint, and the state of the places that keep it. */
export type AuditHead = Static<typeof AuditHead>;
