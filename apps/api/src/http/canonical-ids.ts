import type { FastifyInstance } from 'fastify';

/** Parameters of paths and queries that contain the id of an object. Ids are in lower case; slots of disks are too. */
const idParameters: ReadonlySet<string> = new Set([
  'vmId',
  'hostId',
  'clusterId',
  'jobId',
  'parentId',
  'checkpointId',
  'adapterId',
  'diskId',
]);

/** Finds objects by their ids in every usual spelling: in upper case, and GUIDs in braces as PowerShell prints them. */
export function acceptIdSpellings(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    canonicalize(request.params);
    canonicalize(request.query);
    done();
  });
}

function canonicalize(parameters: unknown): void {
  if (typeof parameters !== 'object' || parameters === null) return;
  const values = parameters as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    if (!idParameters.has(name)) continue;
    values[name] = Array.isArray(value) ? value.map(canonicalId) : canonicalId(value);
  }
}

function canonicalId(id: unknown): unknown {
  return typeof id === 'string' ? id.toLowerCase().replace(/^\{([0-9a-f-]{36})\}/, '$1') : id;
}
