import { AdapterId, DriveId, Guid } from '@aether-v/types';
import type { FastifyInstance } from 'fastify';
import { Check } from 'typebox/value';
import { ProblemError } from '../problems/problem-error.ts';

/**
 * Parameters of paths and queries, and fields of bodies, that contain ids of objects. Ids are in lower case; slots of
 * disks are too.
 */
export const idFields: ReadonlySet<string> = new Set([
  'id',
  'vmId',
  'vmIds',
  'hostId',
  'hostIds',
  'targetHostId',
  'clusterId',
  'jobId',
  'parentId',
  'checkpointId',
  'adapterId',
  'diskId',
  'driveId',
  'bootOrder',
]);

/** The number of levels of a body in which ids are found. */
const maxDepth = 3;

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

/** Accepts the same spellings in bodies. Add it after the access guard, and before hooks that read the body. */
export function acceptIdSpellingsInBodies(server: FastifyInstance): void {
  server.addHook('preValidation', (request, _reply, done) => {
    canonicalize(request.body, maxDepth);
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

/** @param depth The number of levels, of which the first is that of `fields`. */
function canonicalize(fields: unknown, depth = 1): void {
  if (typeof fields !== 'object' || fields === null || depth === 0) return;
  const values = fields as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    if (!idFields.has(name)) {
      canonicalize(value, depth - 1);
      continue;
    }
    values[name] = Array.isArray(value) ? value.map(canonicalId) : canonicalId(value);
  }
}

function canonicalId(id: unknown): unknown {
  return typeof id === 'string' ? id.toLowerCase().replace(/^\{([0-9a-f-]{36})\}/, '$1') : id;
}
