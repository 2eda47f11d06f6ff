import { AdapterId, DriveId, Guid } from '@aether-v/types';
import type { FastifyInstance } from 'fastify';
import { Check } from 'typebox/value';
import { ProblemError } from '../problems/problem-error.ts';

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

/** Parts of a VM that a path names. The service does not look them up itself, so that their ids reach the host. */
const partsOfVms = [
  { name: 'diskId', noun: 'disk', id: DriveId },
  { name: 'adapterId', noun: 'network adapter', id: AdapterId },
  { name: 'checkpointId', noun: 'checkpoint', id: Guid },
] as const;

/** Finds objects by their ids in every usual spelling: in upper case, and GUIDs in braces as PowerShell prints them. */
export function acceptIdSpellings(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    canonicalize(request.params);
    canonicalize(request.query);
    done();
  });
}

/** Answers 404 to ids that no part of a VM can have. Add it after the access guard. */
export function refuseImpossibleIds(server: FastifyInstance): void {
  server.addHook('preValidation', (request, _reply, done) => {
    const values = (request.params ?? {}) as Readonly<Record<string, unknown>>;
    for (const { name, noun, id } of partsOfVms) {
      const value = values[name];
      const isPossible: boolean = value === undefined || Check(id, value);
      if (!isPossible) {
        throw new ProblemError('not-found', `The VM has no ${noun} with the id ${String(value)}.`);
      }
    }
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
