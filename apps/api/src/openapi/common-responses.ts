import type { ErrorCode } from '@aether-v/types';
import type { OpenAPIObject } from '@nestjs/swagger';
import { mapOperations, problemResponse, type Operation, type Response } from './problem-response.ts';

/** A response that the server sends before a route handles the request. */
interface Common {
  readonly name: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly when?: string;
  /** True if it concerns the content of the request only. */
  readonly ofBody?: boolean;
}

const common: readonly Common[] = [
  { name: 'BadRequest', status: 400, code: 'bad-request' },
  { name: 'RequestTimeout', status: 408, code: 'bad-request', when: 'The request did not arrive in time' },
  { name: 'PayloadTooLarge', status: 413, code: 'payload-too-large', ofBody: true },
  { name: 'UnsupportedMediaType', status: 415, code: 'unsupported-media-type', ofBody: true },
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
      responses: { ...operation.responses, ...added(operation, method === 'get' || method === 'head') },
    })),
    components: { ...document.components, responses: { ...document.components?.responses, ...responses } },
  };
}

function added({ responses }: Operation, isRead: boolean): Record<string, Response> {
  const fitting = common.filter(({ ofBody = false }) => !(ofBody && isRead));
  return Object.fromEntries(
    fitting.map(({ name, status, code, when }) => {
      const existing = responses[status];
      const reference = { $ref: `#/components/responses/${name}` };
      return [status, existing === undefined ? reference : problemResponse(code, existing, when)];
    }),
  );
}
