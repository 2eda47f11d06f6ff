import { noise } from './random.ts';

/** Usage profile of a kind of machine. All figures are shares of its processors or memory, from 0 to 1. */
export interface UsageProfile {
  /** Processors at rest. */
  readonly idle: number;
  /** Added at the height of office hours. */
  readonly office: number;
  /** Added around midnight: backups, reports, updates. */
  readonly night: number;
  /** Additional height of short bursts. */
  readonly burst: number;
  /** Memory that the guest wants. */
  readonly memory: number;
}

/** Usage profiles by role. */
export const usageProfiles = {
  'domain-controller': { idle: 0.02, office: 0.05, night: 0.01, burst: 0.06, memory: 0.45 },
  database: { idle: 0.16, office: 0.38, night: 0.18, burst: 0.3, memory: 0.86 },
  web: { idle: 0.06, office: 0.24, night: 0.02, burst: 0.2, memory: 0.55 },
  application: { idle: 0.08, office: 0.26, night: 0.06, burst: 0.22, memory: 0.62 },
  mail: { idle: 0.1, office: 0.28, night: 0.12, burst: 0.18, memory: 0.8 },
  file: { idle: 0.03, office: 0.1, night: 0.16, burst: 0.12, memory: 0.5 },
  desktop: { idle: 0.04, office: 0.46, night: 0.01, burst: 0.3, memory: 0.7 },
  backup: { idle: 0.04, office: 0.03, night: 0.62, burst: 0.2, memory: 0.6 },
  kubernetes: { idle: 0.2, office: 0.2, night: 0.1, burst: 0.25, memory: 0.74 },
  build: { idle: 0.05, office: 0.3, night: 0.08, burst: 0.6, memory: 0.58 },
  monitoring: { idle: 0.14, office: 0.05, night: 0.05, burst: 0.1, memory: 0.66 },
  utility: { idle: 0.02, office: 0.03, night: 0.03, burst: 0.08, memory: 0.4 },
} as const satisfies Record<string, UsageProfile>;

/** The name of a usage profile. */
export type UsageProfileName = keyof typeof usageProfiles;

const hourMs = 3_600_000;

function ramp(value: number, from: number, to: number): number {
  const position = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return position * position * (3 - 2 * position);
}

/**
 * Returns the office activity at a time (UTC) from 0 to 1: rises from 6 to 9, falls from 16 to 19, a fifth on weekends.
 */
function officeHours(timeMs: number): number {
  const hour = (timeMs / hourMs) % 24;
  const day = (Math.floor(timeMs / (24 * hourMs)) + 4) % 7; // 1 January 1970 was a Thursday; 0 is Sunday
  const weekend = day === 0 || day === 6;
  return ramp(hour, 6, 9) * (1 - ramp(hour, 16, 19)) * (weekend ? 0.2 : 1);
}

function nightHours(timeMs: number): number {
  const hour = (timeMs / hourMs) % 24;
  return ramp(hour, 21, 22.5) + (1 - ramp(hour, 3, 5));
}

/** The load of a machine's processors at a moment, 0 to 1. */
export function processorLoad(key: string, profile: UsageProfileName, timeMs: number): number {
  const { idle, office, night, burst } = usageProfiles[profile];
  const slow = noise(key, timeMs, 600_000) - 0.5;
  const middle = noise(key, timeMs, 60_000) - 0.5;
  const quick = noise(key, timeMs, 8_000);
  const level = idle + office * officeHours(timeMs) + night * nightHours(timeMs);
  const load = level * (1 + 0.5 * slow + 0.4 * middle) + burst * quick ** 6;
  return Math.min(1, Math.max(0.002, load));
}

/** The memory that a guest wants at a moment, as a part of what it was given, 0 to 1. */
export function memoryDemand(key: string, profile: UsageProfileName, timeMs: number): number {
  const drift = noise(`${key}/memory`, timeMs, 900_000) - 0.5;
  return Math.min(0.98, Math.max(0.1, usageProfiles[profile].memory * (1 + 0.3 * drift)));
}
