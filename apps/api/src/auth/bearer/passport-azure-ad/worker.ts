// A worker thread: the only code that loads passport-azure-ad (docs/adr/0025-passport-azure-ad.md). It imports nothing
// of the service at run time, so that the bundle of the worker stands alone.
import { parentPort, workerData } from 'node:worker_threads';
import BearerStrategy from 'passport-azure-ad/lib/bearerstrategy.js';
import metadataModule from 'passport-azure-ad/lib/metadata.js';
import { forbidNetwork } from './no-network.ts';
import type { WorkerAnswer, WorkerOptions, WorkerRequest } from './worker-messages.ts';

forbidNetwork();

const { tenantId, issuers, audiences, clockTolerance } = workerData as WorkerOptions;
let published: { readonly keys: readonly object[]; readonly algorithms: readonly string[] } = {
  keys: [],
  algorithms: ['RS256'],
};

// The library would fetch metadata and keys itself, and keep them for half an hour. It gets those of the service instead,
// always the current ones.
metadataModule.Metadata.prototype.fetch = function (this: object, callback) {
  Object.defineProperty(this, 'oidc', { get: () => published });
  callback(null);
};

const strategy = new BearerStrategy(
  {
    // Required by the library, never fetched.
    identityMetadata: `https://login.microsoftonline.com/${tenantId}/v2.0/.well-known/openid-configuration`,
    clientID: audiences[0],
    audience: [...audiences],
    issuer: [...issuers],
    validateIssuer: true,
    clockSkew: clockTolerance,
    loggingLevel: 'fatal',
    loggingNoPII: true,
  },
  (claims, done) => done(null, claims),
);

parentPort?.on('message', (request: WorkerRequest) => {
  if ('keys' in request) published = { ...published, keys: request.keys };
  else verify(request.id, request.token);
});

function verify(id: number, token: string): void {
  const answer = (accepted: boolean): void =>
    parentPort?.postMessage({ id, accepted } satisfies WorkerAnswer);
  // As Passport does: each request gets its own object, derived from the strategy.
  const attempt = Object.create(strategy) as BearerStrategy;
  attempt.success = () => answer(true);
  attempt.fail = () => answer(false);
  attempt.error = () => answer(false);
  attempt.authenticate({ headers: { authorization: `Bearer ${token}` }, query: {}, body: {} }, {});
}
