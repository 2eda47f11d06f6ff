import { errorCodes, JobAccepted, Problem, type ErrorCode } from '@aether-v/types';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { TObject, TSchema } from 'typebox';
import { bodyExamples, type BodyExample } from '../openapi/body-examples.ts';
import { inline, referTo } from '../openapi/components.ts';

/** Header that states the fleet version shown by a response. */
export const fleetVersionHeader = 'Fleet-Version';

const versionHeaders = {
  [fleetVersionHeader]: {
    description:
      'The fleet version of the response. An event stream that starts from this version misses no changes.',
    schema: { type: 'string' as const },
  },
};

/** Descriptions of response headers, by name. */
type HeaderDescriptions = Readonly<
  Record<string, { readonly description: string; readonly schema: { readonly type: 'string' } }>
>;

/** Documents that the route answers 200 with this schema, or one of these, and the fleet's version. */
export function AnswersFleet(
  schema: TSchema | readonly TSchema[],
  description: string,
  headers: HeaderDescriptions = {},
): MethodDecorator {
  const answer = oneOrMore(schema);
  return ApiResponse({
    status: 200,
    description,
    schema: answer,
    headers: { ...versionHeaders, ...headers },
  });
}

/** Documents that the route answers with this schema, or one of these. */
export function Answers(
  schema: TSchema | readonly TSchema[],
  description: string,
  status = 200,
): MethodDecorator {
  return ApiResponse({ status, description, schema: oneOrMore(schema) });
}

function oneOrMore(
  schema: TSchema | readonly TSchema[],
): ReturnType<typeof referTo> | { anyOf: ReturnType<typeof referTo>[] } {
  return Array.isArray(schema) ? { anyOf: schema.map(referTo) } : referTo(schema);
}

/** Documents the problems of the route; those with the same status differ in their `code`. */
export function Problems(...codes: readonly ErrorCode[]): MethodDecorator {
  return problemResponses(codes, {});
}

/** Documents the problems of a route that sends them to browsers as a page. */
export function ProblemPages(...codes: readonly ErrorCode[]): MethodDecorator {
  return problemResponses(codes, { 'text/html': { schema: { type: 'string' } } });
}

function problemResponses(
  codes: readonly ErrorCode[],
  page: { readonly 'text/html'?: { readonly schema: { readonly type: 'string' } } },
): MethodDecorator {
  const byStatus = Map.groupBy(codes, (code) => errorCodes[code].http);
  const responses = [...byStatus].map(([status, same]) =>
    ApiResponse({
      status,
      description: same.map((code) => `\`${code}\`: ${errorCodes[code].title}`).join('; '),
      content: { 'application/problem+json': { schema: referTo(Problem) }, ...page },
    }),
  );
  return applyDecorators(...responses);
}

/** The problems of a request that its host answers. */
export const hostProblems = [
  'host-unavailable',
  'host-unreachable',
  'hyperv-unavailable',
  'host-timeout',
  'agent-error',
  'agent-missing',
  'access-denied',
  'hyperv-missing',
  'contract-violation',
  'not-supported',
] as const satisfies readonly ErrorCode[];

/** Documents the properties of this schema as the route's query parameters. */
export function TakesQuery(schema: TObject): MethodDecorator {
  const required = new Set(schema.required);
  const parameters = Object.entries(schema.properties).map(([name, property]) => {
    const { description, explode, ...rest } = inline(property) as { description?: string; explode?: boolean };
    return ApiQuery({
      name,
      required: required.has(name),
      schema: rest,
      ...(explode === undefined ? {} : { style: 'form', explode }),
      ...(description === undefined ? {} : { description }),
    });
  });
  return applyDecorators(...parameters);
}

/** Documents this schema as the route's body. If it has no required fields, a missing body means the empty object. */
export function TakesBody(schema: TObject): MethodDecorator {
  const examples = bodyExamples(schema).map((example, index) => [`example${index + 1}`, example]);
  return ApiBody({
    required: hasRequiredFields(schema),
    schema: referTo(schema),
    ...(examples.length === 0
      ? {}
      : { examples: Object.fromEntries(examples) as Record<string, BodyExample> }),
  });
}

function hasRequiredFields({ required = [] }: { readonly required?: readonly string[] }): boolean {
  return required.length > 0;
}

/** Documents that the route answers 202 with a job and its address. */
export function AcceptsJob(schema: TSchema = JobAccepted): MethodDecorator {
  return ApiResponse({
    status: 202,
    description: 'The accepted job',
    schema: referTo(schema),
    headers: { Location: { description: 'The address of the job.', schema: { type: 'string' } } },
  });
}
