import { readFile } from 'node:fs/promises';
import { startFleet } from './fleet/index.ts';
import { readMainOptions, type MainOptions } from './main-options.ts';

function onEnd({ exitWithParent }: MainOptions, end: () => void): void {
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (!exitWithParent) return;
  process.once('disconnect', end);
  process.stdin.once('end', end);
  process.stdin.once('close', end);
  process.stdin.resume();
}

/** Serves the fleet until it is stopped. Writes its addresses to standard output as one line of JSON. */
async function main(): Promise<void> {
  const options = readMainOptions(process.env);
  const { tlsFiles } = options;
  const tls = tlsFiles && { cert: await readFile(tlsFiles.cert), key: await readFile(tlsFiles.key) };
  const fleet = await startFleet({ ...options, ...(tls && { tls }) });
  let ending = false;
  onEnd(options, () => {
    if (ending) return;
    ending = true;
    void fleet.close().finally(() => process.exit(0));
  });
  const { hosts, hostUrls, adminUrl } = fleet;
  process.stdout.write(`${JSON.stringify({ ready: true, hostUrls, adminUrl, hosts })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
