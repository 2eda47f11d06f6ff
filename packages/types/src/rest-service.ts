import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { HostId, Text, Timestamp } from './scalars.ts';

/** The versions of the service and the time of its start. */
export const About = Type.Object(
  {
    product: Text,
    version: Text,
    licence: { ...Text, description: 'The SPDX id of the licence.' },
    environmentName: Text,
    contractVersion: Type.Integer({
      description: 'The version of the contract between the service and the agents.',
    }),
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
    description: 'Indexes into `texts`; empty if the package contains no licence text.',
  }),
});

/** The open-source packages of the service and the console, with their licences. */
export const OssLicenses = Type.Object(
  {
    packages: Type.Array(OssPackage),
    texts: Type.Array(Type.String(), { description: 'The licence texts, without duplicates.' }),
  },
  { $id: 'OssLicenses' },
);

const count = Type.Integer({ minimum: 0 });

/** The utilization of a limit. */
const Places = Type.Object({ taken: count, waiting: count });

/** The internal state of the connection to a host. */
export const HostDiagnostics = Type.Object(
  {
    id: nullable({ ...HostId, description: 'Null until the host has been read.' }),
    name: Text,
    state: oneOf(['connecting', 'connected', 'unreachable']),
    errorCode: nullable(Text),
    agentVersion: nullable({
      ...Text,
      description: 'The version that the host reports; null until the host has been read.',
    }),
    watching: Type.Boolean(),
    session: oneOf(['open', 'opening', 'none']),
    breaker: Type.Object({
      state: oneOf(['closed', 'open', 'half-open']),
      failures: { ...count, description: 'Consecutive failures.' },
      retryAfterSeconds: Type.Number({ minimum: 0 }),
    }),
    operations: { ...Places, description: 'The operations on the host, without its watch.' },
    jobs: Type.Object({ running: count, waiting: count }),
  },
  { $id: 'HostDiagnostics' },
);

/** The internal state of the service, for operators. Contains no secrets, and nothing of a host but its name. */
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
        sinceSeconds: { ...Type.Number({ minimum: 0 }), description: 'The duration of the measurement.' },
      },
      { description: 'The delay of the event loop during the last one to two minutes.' },
    ),
    hosts: Type.Array(HostDiagnostics),
    limits: Type.Object(
      {
        trusted: Type.Object({ handshakes: Places, operations: Places }),
        suspect: Type.Object({ handshakes: Places, operations: Places }),
      },
      {
        description:
          'The limits for all hosts together: `suspect` for hosts whose last attempt failed, `trusted` for the others.',
      },
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

/** The versions of the service and the time of its start. */
export type About = Static<typeof About>;
/** The open-source packages with their licences. */
export type OssLicenses = Static<typeof OssLicenses>;
/** The internal state of the connection to a host. */
export type HostDiagnostics = Static<typeof HostDiagnostics>;
/** The internal state of the service. */
export type Diagnostics = Static<typeof Diagnostics>;
