import { DemoProvider } from './demo-provider.ts';

/** Runs the demo provider until its parent ends. Writes the settings of the service as one line of JSON. */
async function main(): Promise<void> {
  const services = (process.env['DEMO_SERVICES'] ?? '').split(',').filter((address) => address !== '');
  const provider = await DemoProvider.start(services);
  const end = (): void => void provider.close().finally(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.stdin.once('end', end);
  process.stdin.resume();
  process.stdout.write(`${JSON.stringify({ ready: true, settings: provider.settings })}\n`);
}

await main();
