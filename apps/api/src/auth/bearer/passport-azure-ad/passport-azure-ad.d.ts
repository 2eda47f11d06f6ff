// The parts of passport-azure-ad that the worker uses; the package has no types.
/* eslint-disable import-x/no-default-export -- CommonJS modules that replace their exports */

declare module 'passport-azure-ad/lib/bearerstrategy.js' {
  interface BearerRequest {
    readonly headers: { readonly authorization: string };
    readonly query: object;
    readonly body: object;
  }

  /** A strategy of Passport: it reports through the three methods, which its user sets. */
  class BearerStrategy {
    constructor(
      options: object,
      verify: (claims: object, done: (error: null, claims: object) => void) => void,
    );
    authenticate(request: BearerRequest, options: object): void;
    success: () => void;
    fail: (challenge: unknown) => void;
    error: (error: unknown) => void;
  }

  export default BearerStrategy;
}

declare module 'passport-azure-ad/lib/metadata.js' {
  interface MetadataModule {
    readonly Metadata: { prototype: { fetch(callback: (error: null) => void): void } };
  }

  const metadata: MetadataModule;
  export default metadata;
}
