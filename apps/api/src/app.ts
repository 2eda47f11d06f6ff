import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { Server as SecureServer } from 'node:https';
import { Logger, type LoggerService, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.ts';
import { AuditLog } from './audit/audit-log.ts';
import { auditRequests, type NameOf } from './audit/audit-requests.ts';
import { serveBackchannelLogout } from './auth/oidc/backchannel-logout.ts';
import { OidcPeople } from './auth/oidc/oidc-people.ts';
import { SignInRecorder } from './auth/sessions/sign-in-recorder.ts';
import { guardAccess } from './auth/access.guard.ts';
import type { DecisionObject } from './auth/decide.ts';
import { PrincipalResolver } from './auth/principal-resolver.ts';
import type { RouteObject } from './auth/route-object.ts';
import { clockToken } from './common/clock.token.ts';
import type { Clock } from './common/clock.ts';
import { rawBodyRule, verifySignature } from './auth/signing/sign-requests.ts';
import { SignatureCheck } from './auth/signing/signature-check.ts';
import type { Config } from './config/settings.ts';
import { tlsPaths, type TlsPaths } from './config/tls-paths.ts';
import { serveConsole } from './console/serve-console.ts';
import { createBoundedServer } from './http/bounded-server.ts';
import { answerNotModified, limitCaching } from './http/caching.ts';
import { acceptIdSpellings, acceptIdSpellingsInBodies, refuseImpossibleIds } from './http/canonical-ids.ts';
import { connectionLimits, type ConnectionLimits } from './http/connection-limits.ts';
import { compressResponses, declareEncodings } from './http/content-encoding.ts';
import { refuseUndeclaredMethods } from './http/declared-methods.ts';
import { acceptJsonOnly } from './http/json-only.ts';
import { refuseUnknownParameters } from './http/known-parameters.ts';
import { limitRates } from './http/rate-limits.ts';
import { keepRawBodies } from './http/raw-body.ts';
import { logRequests } from './http/request-log.ts';
import { protectBrowsers, requireJson } from './http/security/browser-protection.ts';
import { knownHosts } from './http/security/known-hosts.ts';
import { setSecurityHeaders } from './http/security/security-headers.ts';
import { refuseUnstorableTexts } from './http/storable-texts.ts';
import { readTlsFiles } from './http/tls/tls-files.ts';
import { reloadTlsFiles } from './http/tls/tls-reload.ts';
import { answerUnroutable } from './http/unroutable.ts';
import { FleetStore } from './inventory/fleet-store.ts';
import { idempotencyHeader } from './jobs/idempotency.ts';
import { JobRows } from './jobs/job-rows.ts';
import { createDocument } from './openapi/document.ts';
import { serveDocumentation } from './openapi/documentation.ts';
import { ProblemFilter } from './problems/problem.filter.ts';
import { guardVmControl } from './vm-control/guard-vm-control.ts';

/** Parts of the application that tests replace. */
export interface AppOptions {
  readonly replacements?: readonly Provider[];
  readonly logger?: LoggerService | false;
  /** The folder of the built console; if absent, no console is served. */
  readonly webRoot?: string;
  /** Overrides of the configured connection limits. */
  readonly limits?: Partial<ConnectionLimits>;
  /** Registers hooks or plugins on the server before any route exists. */
  readonly extend?: (server: FastifyInstance) => void;
  /** Registers routes on the server after all others. */
  readonly addRoutes?: (server: FastifyInstance) => void;
}

/** Builds the application, ready to listen. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<NestFastifyApplication> {
  const assertKnownHost = knownHosts(config);
  const limits = { ...connectionLimits(config), ...options.limits };
  const tls = tlsPaths(config);
  const tlsFiles = tls === null ? undefined : readTlsFiles(tls);
  const adapter = new FastifyAdapter({
    bodyLimit: config.bodyLimit,
    frameworkErrors: answerUnroutable(assertKnownHost),
    serverFactory: (handler: RequestListener) => createBoundedServer(handler, limits, tlsFiles),
    // Nest's default handler stays off: the server answers these errors itself, as it knows whether another response is
    // in
    // progress on the connection.
    clientErrorHandler: () => undefined,
    genReqId: () => randomUUID(),
    // Fastify believes the forwarding headers of these senders only.
    trustProxy: config.trustedProxies.length > 0 && [...config.trustedProxies],
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
  });
  const server: FastifyInstance = adapter.getInstance();
  prepareServer(server, assertKnownHost);
  const count = limitRates(server, {
    perAddress: config.rateLimitPerAddress,
    perCredential: config.rateLimitPerCredential,
  });
  guardVmControl(server, config, count);
  guardAccess(server, {
    resolver: () => app.get(PrincipalResolver),
    objectOf: (named) => objectIn(app, named),
    isKeyed: ({ headers }) => headers[idempotencyHeader.toLowerCase()] !== undefined,
    count,
    verifySignature: (request) => verifySignature(request, app.get(SignatureCheck)),
  });
  limitContents(server, config);
  auditRequests(server, {
    audit: () => app.get(AuditLog),
    clock: () => app.get<symbol, Clock>(clockToken),
    nameOf: (kind, id) => nameIn(app.get(FleetStore), kind, id),
  });
  const { replacements, logger = false, webRoot } = options;
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, replacements),
    adapter,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class, but takes any object
    { bodyParser: false, abortOnError: false, logger },
  );
  app.useGlobalFilters(new ProblemFilter());
  app.enableShutdownHooks();
  options.extend?.(server);
  await app.init();
  // A route keeps the error handler that is set when it is registered, and Nest sets its own in init().
  let document: OpenAPIObject | undefined;
  serveProviderSignOut(server, app);
  serveDocumentation(server, () => (document ??= createDocument(app)), config);
  if (webRoot !== undefined) await serveConsole(server, webRoot);
  options.addRoutes?.(server);
  if (tls !== null) renewTls(server, tls, app.get(clockToken));
  await server.ready();
  return app;
}

function serveProviderSignOut(server: FastifyInstance, app: NestFastifyApplication): void {
  serveBackchannelLogout(
    server,
    () => app.get(OidcPeople).signOut,
    () => app.get(SignInRecorder),
  );
}

function nameIn(store: FleetStore, kind: Parameters<NameOf>[0], id: string): string | undefined {
  return kind === 'job' ? store.get('job', id)?.title : store.get(kind, id)?.name;
}

/** A job that is no longer kept is still an object, so that its reader learns that it has ended. */
function objectIn(app: NestFastifyApplication, { kind, id }: RouteObject): DecisionObject {
  const row =
    app.get(FleetStore).get(kind, id) ?? (kind === 'job' ? app.get(JobRows).forgotten(id) : undefined);
  return { kind, row } as DecisionObject;
}

/** Uses changed certificates until the server closes. */
function renewTls(server: FastifyInstance, paths: TlsPaths, clock: Clock): void {
  const log = new Logger('TLS');
  const cancel = reloadTlsFiles({
    paths,
    clock,
    use: (files) => {
      if (server.server instanceof SecureServer) server.server.setSecureContext(files);
    },
    log: (message) => log.log(message),
    warn: (message) => log.error(message),
  });
  server.addHook('onClose', (_instance, done) => {
    cancel();
    done();
  });
}

/** Hooks run in this order, after the access guard. */
function limitContents(server: FastifyInstance, { bodyLimit }: Config): void {
  acceptIdSpellingsInBodies(server);
  refuseImpossibleIds(server);
  refuseUnknownParameters(server);
  refuseUnstorableTexts(server);
  keepRawBodies(server, (request) => rawBodyRule(request, bodyLimit));
  requireJson(server);
}

/** Hooks run in this order, before the access guard, for every route. */
function prepareServer(server: FastifyInstance, assertKnownHost: (request: FastifyRequest) => void): void {
  acceptJsonOnly(server);
  logRequests(server);
  setSecurityHeaders(server);
  limitCaching(server);
  declareEncodings(server);
  answerNotModified(server);
  compressResponses(server);
  protectBrowsers(server, assertKnownHost);
  refuseUndeclaredMethods(server);
  acceptIdSpellings(server);
}
