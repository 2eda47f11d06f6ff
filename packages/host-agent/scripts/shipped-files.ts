import {
  commands,
  contractSchemas,
  operations,
  vmActions,
  vmUpdateRules,
  windowsTables,
} from '@aether-v/types';

/** Returns whether the agent validates with a schema: those of its input. Its output is validated by its readers. */
function isRead(name: string): boolean {
  return name === 'envelope' || name === 'host-configuration' || name.endsWith('.request');
}

function asFile(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Returns the columns of the power actions that the agent uses. */
function powerActions(): object {
  return Object.fromEntries(
    Object.entries(vmActions).map(([name, { op, allowedStates, transition, target }]) => [
      name,
      { op, label: commands[op].label, allowedStates, transition, target },
    ]),
  );
}

/** Returns the files that the module ships of packages/types, by path within the module. */
export function shippedFiles(): Readonly<Record<string, string>> {
  const schemas = Object.entries(contractSchemas()).filter(([name]) => isRead(name));
  return {
    ...Object.fromEntries(schemas.map(([name, schema]) => [`schema/${name}.json`, asFile(schema)])),
    'tables/vm-actions.json': asFile(powerActions()),
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
