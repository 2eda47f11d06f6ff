import type { ErrorCode } from '@aether-v/types';
import { errorCodes } from '@aether-v/types';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { TObject } from 'typebox';
import { hasRequiredFields, inline, referTo, type ComponentName } from '../openapi/components.ts';

/** Header that states the fleet version shown by a response. */
export const fleetVersionHeader = 'Fleet-Version';

const versionHeaders = {
  [fleetVersionHeader]: {
    description:
      'The fleet version that the response shows. An event stream from this version leaves no gap.',
    schema: { type: 'string' as const },
  },
};

/** Documents that the route answers 200 with this component and the fleet's version. */
export function AnswersFleet(component: ComponentName, description: string): MethodDecorator {
  return ApiResponse({ status: 200, description, schema: referTo(component), headers: versionHeaders });
}

/** Documents that the route answers with this component. */
export function Answers(component: ComponentName, description: string, status = 200): MethodDecorator {
  return ApiResponse({ status, description, schema: referTo(component) });
}

/** Documents the problems of the route; those with the same status differ in their `code`. */
export function Problems(...codes: readonly ErrorCode[]): MethodDecorator {
  const byStatus = Map.groupBy(codes, (code) => errorCodes[code].http);
  const responses = [...byStatus].map(([status, same]) =>
    ApiResponse({
      status,
      description: same.map((code) => `${errorCodes[code].title} (\`${code}\`)`).join(', or '),
      content: { 'application/problem+json': { schema: referTo('Problem') } },
    }),
  );
  return applyDecorators(...responses);
}

/** Documents the properties of this schema as the route's query parameters. */
export function TakesQuery(schema: TObject): MethodDecorator {
  const required = new Set(schema.required);
  const parameters = Object.entries(schema.properties).map(([name, property]) => {
    const { description, ...rest } = inline(property) as { description?: string };
    return ApiQuery({
      name,
      required: required.has(name),
      schema: rest,
      ...(description === undefined ? {} : { description }),
    });
  });
  return applyDecorators(...parameters);
}

/** Documents this component as the route's body. If it has no required fields, a missing body means the empty object. */
export function TakesBody(component: ComponentName): MethodDecorator {
  return ApiBody({ required: hasRequiredFields(component), schema: referTo(component) });
}

/** Documents that the route answers 202 with a job and its address. */
export function AcceptsJob(): MethodDecorator {
  return ApiResponse({
    status: 202,
    description: 'The accepted job',
    schema: referTo('JobAccepted'),
    headers: { Location: { description: 'The address of the job.', schema: { type: 'string' } } },
  });
}
