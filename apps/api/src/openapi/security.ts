import type { OpenAPIObject } from '@nestjs/swagger';
import type { DocumentationSignIn } from './documentation-sign-in.ts';
import { mapOperations, problemResponse, type Operation } from './problem-response.ts';

type Schemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

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
    paths: mapOperations(document.paths, secureOperation),
    components: { ...document.components, securitySchemes },
    security,
  };
}

function secureOperation(operation: Operation): Operation {
  const { 'x-permission': permission } = operation as { readonly 'x-permission'?: unknown };
  if (typeof permission !== 'string') return { security: [], ...operation };
  const { responses } = operation;
  return {
    ...operation,
    responses: {
      ...responses,
      401: problemResponse('unauthenticated', responses['401']),
      403: problemResponse('forbidden', responses['403']),
    },
  };
}
