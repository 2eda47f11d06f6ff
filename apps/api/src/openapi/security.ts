import { errorCodes, Problem, type ErrorCode } from '@aether-v/types';
import type { OpenAPIObject } from '@nestjs/swagger';
import { referTo } from './components.ts';
import type { DocumentationSignIn } from './documentation-sign-in.ts';

type Schemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;
type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Response = Operation['responses'][string];

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

/** The kinds of credentials of the API, whether or not this installation accepts them. */
const schemes: Schemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token of the identity provider for this API (RFC 6750).',
  },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description: 'An API key (API_KEY or API_KEYS_FILE).',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-aether-session',
    description: 'The session of a person who is signed in to the console.',
  },
};

/**
 * Adds the kinds of credentials to a document, and the responses 401 and 403 to each operation that requires a permission.
 * Public operations need no credentials.
 */
export function withSecurity(document: OpenAPIObject, signIn: DocumentationSignIn | null): OpenAPIObject {
  const securitySchemes: Schemes = {
    ...(signIn === null
      ? {}
      : {
          openId: {
            type: 'openIdConnect',
            openIdConnectUrl: signIn.discoveryUrl,
            description: 'Sign-in with the identity provider of this installation.',
          },
        }),
    ...schemes,
  };
  const security = Object.keys(securitySchemes).map((name) => ({ [name]: [] }));
  return {
    ...document,
    paths: Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [path, securePath(item)])),
    components: { ...document.components, securitySchemes },
    security,
  };
}

function securePath(item: PathItem): PathItem {
  const secured = { ...item };
  for (const method of methods) {
    const operation = item[method];
    if (operation !== undefined) secured[method] = secureOperation(operation);
  }
  return secured;
}

function secureOperation(operation: Operation): Operation {
  const { 'x-permission': permission } = operation as { readonly 'x-permission'?: unknown };
  if (typeof permission !== 'string') return { security: [], ...operation };
  const { responses } = operation;
  return {
    ...operation,
    responses: {
      ...responses,
      401: refusal('unauthenticated', responses['401']),
      403: refusal('forbidden', responses['403']),
    },
  };
}

/** Adds a code to the description of a response; errors with the same status differ in their code. */
function refusal(code: ErrorCode, existing: Response): Response {
  const own = `\`${code}\`: ${errorCodes[code].title}`;
  const others = existing !== undefined && 'description' in existing ? existing.description : undefined;
  if (others?.includes(`\`${code}\``) === true) return existing;
  return {
    content: { 'application/problem+json': { schema: referTo(Problem) } },
    ...existing,
    description: others === undefined ? own : `${own}; ${others}`,
  };
}
