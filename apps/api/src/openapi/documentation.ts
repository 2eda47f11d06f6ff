import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../common/route-access.ts';

const access: Access = { permission: 'view' };
const moduleFile = createRequire(import.meta.url);

const page = (title: string, head: string, body: string): string =>
  `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n` +
  `<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n${head}</head>\n<body>\n${body}</body>\n</html>\n`;

const swaggerPage = page(
  'Aether-V API',
  '<link rel="stylesheet" href="/docs/swagger-ui.css">\n',
  '<div id="ui"></div>\n<script src="/docs/swagger-ui-bundle.js"></script>\n<script src="/docs/start.js"></script>\n',
);
// The content security policy forbids inline scripts, so this script is a file.
const swaggerStart = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null });\n`;

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
export function serveDocumentation(server: FastifyInstance, document: () => OpenAPIObject): void {
  let json: string | undefined;
  const serve = (url: string, type: string, content: () => string): void => {
    server.get(url, { config: { access } }, (_, reply) =>
      reply.type(`${type}; charset=utf-8`).send(content()),
    );
  };
  serve('/openapi.json', 'application/json', () => (json ??= JSON.stringify(document())));
  serve('/docs', 'text/html', () => swaggerPage);
  serve('/docs/start.js', 'text/javascript', () => swaggerStart);
  serve('/redoc', 'text/html', () => redocPage);
  for (const [url, [file, type]] of Object.entries(packageFiles)) {
    let content: string | undefined;
    serve(url, type, () => (content ??= readPackageFile(file)));
  }
}

/** Redoc would load its vendor's logo from a foreign server, which the policy forbids. A failed image is not shown. */
const foreignLogo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

function readPackageFile(file: string): string {
  return readFileSync(moduleFile.resolve(file), 'utf8').replaceAll(foreignLogo, 'data:,');
}
