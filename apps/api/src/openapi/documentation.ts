import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../common/route-access.ts';
import { policyWithConnections } from '../http/security/security-headers.ts';
import type { Config } from '../config/settings.ts';
import { documentationSignIn, type DocumentationSignIn } from './documentation-sign-in.ts';

const moduleFile = createRequire(import.meta.url);

const page = (title: string, head: string, body: string): string =>
  `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n` +
  `<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n${head}</head>\n<body>\n${body}</body>\n</html>\n`;

const swaggerPage = page(
  'Aether-V API',
  '<link rel="stylesheet" href="/docs/swagger-ui.css">\n',
  '<div id="ui"></div>\n<script src="/docs/swagger-ui-bundle.js"></script>\n<script src="/docs/start.js"></script>\n',
);

/** The page to which the provider returns after Authorize. It hands the code to the window that opened it. */
const redirectPath = '/docs/oauth2-redirect.html';
const redirectScript = '/docs/oauth2-redirect.js';
const redirectFile = 'swagger-ui-dist/oauth2-redirect.js';
const publicRedirect: Access = {
  public: 'The provider returns here without a session cookie; the page contains no data.',
};
const redirectPage = page('Sign-in', '', '<script src="/docs/oauth2-redirect.js"></script>\n');

/** The window keeps its opener: with another policy than the provider's page it would lose it. */
const popupHeaders = { 'cross-origin-opener-policy': 'unsafe-none' };

/** The page may open the provider's window, and fetch tokens from it. */
function swaggerHeaders(signIn: DocumentationSignIn | null): Record<string, string> {
  if (signIn === null) return {};
  return {
    'content-security-policy': policyWithConnections([new URL(signIn.discoveryUrl).origin]),
    'cross-origin-opener-policy': 'same-origin-allow-popups',
  };
}

// The content security policy forbids inline scripts, so this script is a file.
function swaggerStart(signIn: DocumentationSignIn | null): string {
  const start = `const ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null, oauth2RedirectUrl: location.origin + '${redirectPath}' });\n`;
  if (signIn === null) return start;
  const options = {
    clientId: signIn.clientId,
    scopes: signIn.scopes,
    usePkceWithAuthorizationCodeGrant: true,
    // RFC 8707: the API for which the token is asked.
    additionalQueryStringParams: { resource: signIn.resource },
  };
  return `${start}ui.initOAuth(${JSON.stringify(options)});\n`;
}

const redocPage = page(
  'Aether-V API reference',
  '',
  '<redoc spec-url="/openapi.json" disable-search="false"></redoc>\n<script src="/redoc/redoc.standalone.js"></script>\n',
);

/** Files from packages, by the path under which they are served. */
const packageFiles = {
  '/docs/swagger-ui.css': ['swagger-ui-dist/swagger-ui.css', 'text/css'],
  '/docs/swagger-ui-bundle.js': ['swagger-ui-dist/swagger-ui-bundle.js', 'text/javascript'],
  '/redoc/redoc.standalone.js': ['redoc/bundles/redoc.standalone.js', 'text/javascript'],
} as const;

/** Serves the OpenAPI document and its two viewers, all from local files. */
export function serveDocumentation(
  server: FastifyInstance,
  document: () => OpenAPIObject,
  config: Config,
): void {
  const signIn = documentationSignIn(config);
  const access: Access = config.publicDocs
    ? { public: 'PUBLIC_DOCS is set. The documents describe the API and contain no data.' }
    : { permission: 'view' };
  const serve = (url: string, type: string, content: () => string, headers = {}, given = access): void => {
    const etag = lazy(() => weakEtag(content()));
    server.get(url, { config: { access: given } }, (_, reply) =>
      reply.headers(headers).header('etag', etag()).type(`${type}; charset=utf-8`).send(content()),
    );
  };
  serve(
    '/openapi.json',
    'application/json',
    lazy(() => JSON.stringify(document())),
  );
  serve('/docs', 'text/html', () => swaggerPage, swaggerHeaders(signIn));
  serve('/docs/start.js', 'text/javascript', () => swaggerStart(signIn));
  serve('/redoc', 'text/html', () => redocPage);
  for (const [url, [file, type]] of Object.entries(packageFiles)) {
    serve(
      url,
      type,
      lazy(() => readPackageFile(file)),
    );
  }
  if (signIn === null) return;
  serve(redirectPath, 'text/html', () => redirectPage, popupHeaders, publicRedirect);
  serve(redirectScript, 'text/javascript', () => readPackageFile(redirectFile), {}, publicRedirect);
}

function lazy(make: () => string): () => string {
  let made: string | undefined;
  return () => (made ??= make());
}

function weakEtag(content: string): string {
  return `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
}

/** Redoc would load its vendor's logo from a foreign server, which the policy forbids. A failed image is not shown. */
const foreignLogo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

function readPackageFile(file: string): string {
  return readFileSync(moduleFile.resolve(file), 'utf8').replaceAll(foreignLogo, 'data:,');
}
