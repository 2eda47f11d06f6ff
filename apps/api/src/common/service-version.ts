import manifest from '../../package.json' with { type: 'json' };

/** Returns the version of the service, or APP_VERSION if it is set. */
export function serviceVersion({ appVersion }: { readonly appVersion: string | null }): string {
  return appVersion ?? manifest.version;
}
