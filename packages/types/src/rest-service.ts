import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { HostId, Text, Timestamp } from './scalars.ts';

/** The service: its versions and when it started. */
export const About = Type.Object(
  {
    product: Text,
    version: Text,
    licence: { ...Text, description: 'The SPDX id of the licence.' },
    environmentName: Text,
    contractVersion: Type.Integer({ description: 'The version of the contract with the agents.' }),
    agentVersion: { ...Text, description: 'The version of the agent that the service loads or installs.' },
    nodeVersion: Text,
    startedAt: Timestamp,
  },
  { $id: 'About' },
);

const OssPackage = Type.Object({
  name: Text,
  version: Text,
  licence: { ...Text, description: 'An SPDX expression.' },
  texts: Type.Array(Type.Integer({ minimum: 0 }), {
    description: 'Indexes in `texts`; empty if the package contains no text.',
  }),
});

/** The packages that the service and the console consist of, with their licences. */
export const OssLicenses = Type.Object(
  {
    packages: Type.Array(OssPackage),
    texts: Type.Array(Type.String(), { description: 'The texts of the licences, each once.' }),
  },
  { $id: 'OssLicenses' },
);

const count = Type.Integer({ minimum: 0 });

/** The use of a limit. */
const Places = Type.Object({ taken: count, waiting: count });

/** The connection to a host, as the service sees it inside. */
export const HostDiagnostics = Type.Object(
  {
    id: nullable({ ...HostId, description: 'Null if the host was never read.' }),
    name: Text,
    state: oneOf(['connecting', 'connected', 'unreachable']),
    errorCode: nullable(Text),
    agentVersion: nullable({ ...Text, description: 'As the host reports it; null if it was never read.' }),
    watching: Type.Boolean(),
    session: oneOf(['open', 'opening', 'none']),
    breaker: Type.Object({
      state: oneOf(['closed', 'open', 'half-open']),
      failures: { ...count, description: 'Consecutive failures.' },
      retryAfterSeconds: Type.Number({ minimum: 0 }),
    }),
    operations: { ...Places, description: 'Operations on the host, apart from its watch.' },
    jobs: Type.Object({ running: count, waiting: count }),
  },
  { $id: 'HostDiagnostics' },
);

/** The state of the service inside, for operators. Contains no secrets, and of hosts only their names. */
export const Diagnostics = Type.Object(
  {
    takenAt: Timestamp,
    startedAt: Timestamp,
    uptimeSeconds: Type.Number({ minimum: 0 }),
    memory: Type.Object({
      rssBytes: count,
      heapUsedBytes: count,
      heapTotalBytes: count,
      externalBytes: count,
    }),
    eventLoop: Type.Object(
      {
        meanMs: Type.Number({ minimum: 0 }),
        p99Ms: Type.Number({ minimum: 0 }),
        maxMs: Type.Number({ minimum: 0 }),
        sinceSeconds: { ...Type.Number({ minimum: 0 }), description: 'The age of the measurement.' },
      },
      { description: 'The delay of the event loop during the last one to two minutes.' },
    ),
    hosts: Type.Array(HostDiagnostics),
    limits: Type.Object(
      {
        trusted: Type.Object({ handshakes: Places, operations: Places }),
        suspect: Type.Object({ handshakes: Places, operations: Places }),
      },
      { description: 'The limits of all hosts together; hosts that failed last have their own.' },
    ),
    stores: Type.Object({
      rows: Type.Object({ clusters: count, hosts: count, vms: count, jobs: count }),
      tombstones: count,
      eventStreams: count,
      jobLogs: Type.Object({ jobs: count, bytes: count }),
      jobRequests: Type.Object({ jobs: count, characters: count }),
      idempotencyKeys: count,
    }),
  },
  { $id: 'Diagnostics' },
);

/** The service. */
export type About = Static<typeof About>;
/** The packages with their licences. */
export type OssLicenses = Static<typeof OssLicenses>;
/** The connection to a host, inside. */
export type HostDiagnostics = Static<typeof HostDiagnostics>;
/** The state of the service inside. */
export type Diagnostics = Static<typeof Diagnostics>;
