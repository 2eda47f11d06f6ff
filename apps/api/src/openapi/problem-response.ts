import { errorCodes, Problem, type ErrorCode } from '@aether-v/types';
import type { OpenAPIObject } from '@nestjs/swagger';
import { referTo } from './components.ts';

/** A path of the document. */
type PathItem = OpenAPIObject['paths'][string];
/** An operation of the document. */
export type Operation = NonNullable<PathItem['get']>;
/** A response of an operation, or a reference to one. */
export type Response = Operation['responses'][string];

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

/** Returns the paths of a document with each operation changed. */
export function mapOperations(
  paths: OpenAPIObject['paths'],
  change: (operation: Operation, method: (typeof methods)[number]) => Operation,
): OpenAPIObject['paths'] {
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => {
      const changed = { ...item };
      for (const method of methods) {
        const operation = item[method];
        if (operation !== undefined) changed[method] = change(operation, method);
      }
      return [path, changed];
    }),
  );
}

/**
 * Returns the response of a problem, together with those that have the same status: they differ in their code.
 *
 * @param when The cause in words, instead of the title of the code.
 */
export function problemResponse(code: ErrorCode, existing?: Response, when?: string): Response {
  const own = `\`${code}\`: ${when ?? errorCodes[code].title}`;
  const others = existing !== undefined && 'description' in existing ? existing.description : undefined;
  if (existing !== undefined && others?.includes(`\`${code}\``) === true) return existing;
  return {
    content: { 'application/problem+json': { schema: referTo(Problem) } },
    ...existing,
    description: others === undefined ? own : `${own}; ${others}`,
  };
}
