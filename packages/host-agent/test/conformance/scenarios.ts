import { checkScenarios } from './check-scenarios.ts';
import { checkpointScenarios } from './checkpoint-scenarios.ts';
import { clusterScenarios } from './cluster-scenarios.ts';
import { diskScenarios } from './disk-scenarios.ts';
import { inventoryScenarios } from './inventory-scenarios.ts';
import { journalScenarios } from './journal-scenarios.ts';
import { keepScenarios } from './keep-scenarios.ts';
import { lifecycleScenarios } from './lifecycle-scenarios.ts';
import { powerScenarios } from './power-scenarios.ts';
import { settingsScenarios } from './settings-scenarios.ts';
import type { Scenario } from './stage.ts';

/** Every story that both sides are held to. */
export const scenarios: readonly Scenario[] = [
  ...inventoryScenarios,
  ...powerScenarios,
  ...journalScenarios,
  ...lifecycleScenarios,
  ...diskScenarios,
  ...keepScenarios,
  ...settingsScenarios,
  ...checkpointScenarios,
  ...clusterScenarios,
  ...checkScenarios,
];
