import type { FastifyInstance } from 'fastify';
import { validationFailed, type FieldError } from '../problems/problem-error.ts';

/**
 * Refuses texts in bodies and queries that Windows cannot store: with a NUL, or with half a surrogate pair. Schemas do
 * not express this rule, and hosts would only report an error.
 */
export function refuseUnstorableTexts(server: FastifyInstance): void {
  server.addHook('preValidation', (request, _reply, done) => {
    const errors = [...faults(request.query, ''), ...faults(request.body, '')];
    if (errors.length > 0) throw validationFailed(errors);
    done();
  });
}

/** No schema nests deeper; validation refuses what does. */
const maxDepth = 16;

function faults(value: unknown, field: string, depth = 0): FieldError[] {
  if (typeof value === 'string') {
    if (value.isWellFormed() && !value.includes('\u0000')) return [];
    return [{ field, message: 'contains a NUL character or half a surrogate pair, which cannot be stored' }];
  }
  if (typeof value !== 'object' || value === null || depth === maxDepth) return [];
  return Object.entries(value).flatMap(([name, one]: [string, unknown]) =>
    faults(one, field === '' ? name : `${field}.${name}`, depth + 1),
  );
}
