export { createHostAgent, type HostAgent, type HostAgentOptions } from './agent.ts';
export { faultKinds, type Fault, type FaultKind } from './fault.ts';
export type { Counters, ServedHost } from './host-endpoint.ts';
export { startFleet, type FleetOptions, type SimulatedFleet } from './server.ts';
export { demoFleet, parametricFleet } from '../engine/index.ts';
