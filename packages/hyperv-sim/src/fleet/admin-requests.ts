import { Type, type Static } from 'typebox';
import { usageProfiles, type UsageProfileName } from '../engine/index.ts';

const strict = { additionalProperties: false };
const name = Type.String({ minLength: 1, maxLength: 100 });

/** The body that creates a VM. */
export const CreateVm = Type.Object(
  {
    name,
    role: Type.Optional(Type.Enum(Object.keys(usageProfiles) as UsageProfileName[])),
    state: Type.Optional(Type.Enum(['Running', 'Off', 'Saved', 'Paused'])),
    memoryGb: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_024 })),
    processors: Type.Optional(Type.Integer({ minimum: 1, maximum: 240 })),
    network: Type.Optional(Type.String({ maxLength: 100 })),
    notes: Type.Optional(Type.String({ maxLength: 8_192 })),
  },
  strict,
);

/** The bodies of other actions on a VM that an administrator could take on the host. */
export const consoleActions = {
  rename: Type.Object({ name }, strict),
  notes: Type.Object({ notes: Type.String({ maxLength: 8_192 }) }, strict),
  migrate: Type.Object({ target: Type.String() }, strict),
  storage: Type.Object({ lost: Type.Boolean() }, strict),
  delete: Type.Object({}, strict),
} as const;

/** The body of a power action. */
export const PowerBody = Type.Object({ force: Type.Optional(Type.Boolean()) }, strict);

/** The body that creates a VM. */
export type CreateVm = Static<typeof CreateVm>;
