import { contractSchemas, operations, vmActions, vmUpdateRules, windowsTables } from '@aether-v/types';

/** Schemas that the agent validates with: what comes in. What it writes is checked by those who read it. */
function isRead(name: string): boolean {
  return name === 'envelope' || name === 'host-configuration' || name.endsWith('.request');
}

function asFile(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** What the module ships of packages/types, by path within the module. */
export function shippedFiles(): Readonly<Record<string, string>> {
  const schemas = Object.entries(contractSchemas()).filter(([name]) => isRead(name));
  return {
    ...Object.fromEntries(schemas.map(([name, schema]) => [`schema/${name}.json`, asFile(schema)])),
    'tables/vm-actions.json': asFile(vmActions),
    'tables/windows.json': asFile(windowsTables),
    'tables/vm-update-rules.json': asFile(vmUpdateRules),
    'tables/operations.json': asFile(
      Object.fromEntries(
        Object.entries(operations).map(([name, { mutates, cancelsRunning }]) => [
          name,
          { mutates, cancelsRunning },
        ]),
      ),
    ),
  };
}
