import type { ErrorCode } from '@aether-v/types';
import { errorCodes } from '@aether-v/types';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiResponse } from '@nestjs/swagger';
import type { TObject } from 'typebox';
import { hasRequiredFields, inline, referTo, type ComponentName } from '../openapi/components.ts';

/** Header in which answers that read the fleet say which version of it they show. */
export const fleetVersionHeader = 'Fleet-Version';

const versionHeaders = {
  [fleetVersionHeader]: {
    description: 'The version of the fleet that the answer shows: events from it on leave no gap.',
    schema: { type: 'string' as const },
  },
};

/** The route answers 200 with this component, and says the fleet's version. */
export function AnswersFleet(component: ComponentName, description: string): MethodDecorator {
  return ApiResponse({ status: 200, description, schema: referTo(component), headers: versionHeaders });
}

/** The route answers with this component. */
export function Answers(component: ComponentName, description: string, status = 200): MethodDecorator {
  return ApiResponse({ status, description, schema: referTo(component) });
}

/** The route may answer these problems; those of one status are told apart by their `code`. */
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

/** The route takes the properties of this schema as query parameters. */
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

/** The route takes this component as its body; if nothing in it is required, no body at all is the empty object. */
export function TakesBody(component: ComponentName): MethodDecorator {
  return ApiBody({ required: hasRequiredFields(component), schema: referTo(component) });
}

/** The route answers 202 with a job, and where to read it. */
export function AcceptsJob(): MethodDecorator {
  return ApiResponse({
    status: 202,
    description: 'The job that does it',
    schema: referTo('JobAccepted'),
    headers: { Location: { description: 'Where the job can be read.', schema: { type: 'string' } } },
  });
}
