import type { ErrorCode } from '@aether-v/types';
import type { OpenAPIObject } from '@nestjs/swagger';
import { mapOperations, problemResponse, type Operation, type Response } from './problem-response.ts';

/** A response that the server sends before a route handles the request. */
interface Common {
  readonly name: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly when?: string;
  /** Returns whether an operation can have it; every operation if absent. */
  readonly of?: (operation: Operation, method: string) => boolean;
}

const common: readonly Common[] = [
  { name: 'BadRequest', status: 400, code: 'bad-request' },
  { name: 'RequestTimeout', status: 408, code: 'bad-request', when: 'The request did not arrive in time' },
  { name: 'PayloadTooLarge', status: 413, code: 'payload-too-large', of: takesBody },
  { name: 'UnsupportedMediaType', status: 415, code: 'unsupported-media-type', of: takesBody },
  { name: 'InvalidFields', status: 422, code: 'validation-failed', of: isValidated },
  { name: 'MisdirectedRequest', status: 421, code: 'foreign-host' },
  { name: 'TooManyRequests', status: 429, code: 'too-many-requests' },
  {
    name: 'RequestHeadersTooLarge',
    status: 431,
    code: 'bad-request',
    when: 'The request headers are too long',
  },
];

/** Adds the responses that every route can have, because the server sends them before it handles a request. */
export function withCommonResponses(document: OpenAPIObject): OpenAPIObject {
  const responses = Object.fromEntries(
    common.map(({ name, code, when }) => [name, problemResponse(code, undefined, when)]),
  ) as NonNullable<NonNullable<OpenAPIObject['components']>['responses']>;
  return {
    ...document,
    paths: mapOperations(document.paths, (operation, method) => ({
      ...operation,
      responses: { ...operation.responses, ...added(operation, method) },
    })),
    components: { ...document.components, responses: { ...document.components?.responses, ...responses } },
  };
}

function takesBody(_operation: Operation, method: string): boolean {
  return method !== 'get' && method !== 'head';
}

function isValidated({ requestBody, parameters = [] }: Operation): boolean {
  return requestBody !== undefined || parameters.some((one) => 'in' in one && one.in === 'query');
}

function added(operation: Operation, method: string): Record<string, Response> {
  const { responses } = operation;
  return Object.fromEntries(
    common
      .filter(({ of }) => of?.(operation, method) ?? true)
      .map(({ name, status, code, when }) => {
        const existing = responses[status];
        const reference = { $ref: `#/components/responses/${name}` };
        return [status, existing === undefined ? reference : problemResponse(code, existing, when)];
      }),
  );
}
