import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { serviceVersion } from '../common/service-version.ts';
import { configToken, type Config } from '../config/settings.ts';
import { withCommonResponses } from './common-responses.ts';
import { components } from './components.ts';
import { documentationSignIn } from './documentation-sign-in.ts';
import { withSecurity } from './security.ts';

const about = `REST API of Aether-V.

Lists state the \`version\` of the fleet that they show; \`GET /api/v1/events?from=<version>\` resumes from there without gaps.
Commands respond with 202 and a job. Its result arrives as an event, and can be read with \`GET /api/v1/jobs/{jobId}\`.
Errors are problem documents (RFC 9457) with a machine-readable \`code\`.`;

/** Creates the OpenAPI document: paths as declared by the controllers, components from the contract. */
export function createDocument(app: INestApplication): OpenAPIObject {
  const config = app.get<Config>(configToken);
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Aether-V')
    .setDescription(about)
    .setVersion(serviceVersion(config))
    .build();
  const document = SwaggerModule.createDocument(app, base, {
    operationIdFactory: (_controller, method) => method,
  });
  const schemas = components() as NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
  const whole = { ...document, components: { ...document.components, schemas } };
  return withCommonResponses(withSecurity(whole, documentationSignIn(config)));
}
