import manifest from '../../package.json' with { type: 'json' };

/** Returns the version of the service, or the one that the configuration puts in its place. */
export function serviceVersion({ appVersion }: { readonly appVersion: string | null }): string {
  return appVersion ?? manifest.version;
}
