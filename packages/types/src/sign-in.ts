import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { permissions, roles, type Role } from './roles.ts';
import { Timestamp } from './scalars.ts';

const roleNames = Object.keys(roles) as [Role, ...Role[]];

/** The reasons why a session has ended. */
export const sessionEndReasons = [
  // Signed out here, in another window, or at the provider.
  'signed-out',
  // Unused for longer than SESSION_IDLE_MINUTES.
  'idle',
  // Older than SESSION_MAX_HOURS.
  'limit',
  // The provider or the accounts file no longer admits the person.
  'refused',
  // The person must sign in again so that the service can confirm the session, for example after a restart.
  'renew',
] as const;

const sessionId = Type.String({ description: 'Identifies the session; it is not a secret.' });

/** The body of a sign-in with a local account. */
export const PasswordSignIn = Type.Object(
  {
    user: Type.String({ minLength: 1, maxLength: 256, description: 'The user name, case-insensitive.' }),
    password: Type.String({ minLength: 1, maxLength: 1024 }),
  },
  { $id: 'PasswordSignIn', additionalProperties: false },
);

/** The session with which a person uses the console. */
export const MySession = Type.Object(
  {
    id: sessionId,
    signedInAt: Timestamp,
    endsAt: {
      ...Timestamp,
      description: 'The time when the person must sign in again, even if the session is in use.',
    },
    idleMinutes: Type.Integer({
      minimum: 1,
      description: 'Minutes without use after which the session ends.',
    }),
  },
  { $id: 'MySession' },
);

/** The caller, and the ways to sign in. */
export const Me = Type.Object(
  {
    principal: nullable(
      Type.Object(
        {
          id: Type.String(),
          name: Type.String({ description: 'For people; not unique.' }),
          method: oneOf(['local', 'session', 'bearer', 'key']),
          role: nullable(oneOf(roleNames, { description: 'The highest role; null if there is none.' })),
          permissions: Type.Array(oneOf(permissions)),
          notice: nullable(
            oneOf(['no-role', 'groups-omitted'], {
              description:
                'The reason why the caller has no permissions: `no-role`, or `groups-omitted` if the provider omitted the groups because there are too many. Null if the caller has permissions.',
            }),
          ),
        },
        { description: 'Null if the caller is not signed in.' },
      ),
    ),
    session: nullable(MySession),
    ended: nullable(
      oneOf(sessionEndReasons, {
        description: 'The reason why the session of the request’s cookie has ended; null if it has not.',
      }),
    ),
    signIn: Type.Array(oneOf(['oidc', 'account']), {
      description:
        'The ways to sign in: `oidc` at `/auth/login?returnTo=…`, `account` with a user name and password. Empty if people cannot sign in.',
    }),
    provider: nullable(Type.String({ description: 'The host name of the identity provider, for `oidc`.' })),
  },
  { $id: 'Me' },
);

/** The sessions of the caller that the service knows. */
export const MySessions = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        id: sessionId,
        current: Type.Boolean({ description: 'True for the session of this request.' }),
        signedInAt: Timestamp,
        lastUsedAt: Timestamp,
        endsAt: Timestamp,
        address: Type.String({ description: 'The address of its last request.' }),
        userAgent: Type.String({ description: 'The User-Agent of the browser.' }),
      }),
    ),
  },
  { $id: 'MySessions' },
);

/** The response to a sign-out. */
export const SignedOut = Type.Object(
  {
    next: nullable(
      Type.String({
        description:
          'The address to open in the browser to sign out at the identity provider as well; null if there is none.',
      }),
    ),
  },
  { $id: 'SignedOut' },
);

/** The reason why a session has ended. */
export type SessionEndReason = (typeof sessionEndReasons)[number];
/** The body of a sign-in with a local account. */
export type PasswordSignIn = Static<typeof PasswordSignIn>;
/** The session with which a person uses the console. */
export type MySession = Static<typeof MySession>;
/** The caller, and the ways to sign in. */
export type Me = Static<typeof Me>;
/** The sessions of the caller. */
export type MySessions = Static<typeof MySessions>;
/** The response to a sign-out. */
export type SignedOut = Static<typeof SignedOut>;
