/** Names of RunspacePoolState, indexed by their number (MS-PSRP 2.2.3.4). */
export const runspacePoolStates = [
  'BeforeOpen',
  'Opening',
  'Opened',
  'Closed',
  'Closing',
  'Broken',
  'NegotiationSent',
  'NegotiationSucceeded',
  'Connecting',
  'Disconnected',
] as const;

/** State of a runspace pool. */
export type RunspacePoolState = (typeof runspacePoolStates)[number];

/** Names of PSInvocationState, indexed by their number (MS-PSRP 2.2.3.5). */
export const pipelineStates = [
  'NotStarted',
  'Running',
  'Stopping',
  'Stopped',
  'Completed',
  'Failed',
  'Disconnected',
] as const;

/** State of a pipeline. */
export type PipelineState = (typeof pipelineStates)[number];

/** Final state of a pipeline. */
export type FinalPipelineState = 'Stopped' | 'Completed' | 'Failed';

/** Returns whether a state is final. */
export function isFinal(state: PipelineState): state is FinalPipelineState {
  return state === 'Stopped' || state === 'Completed' || state === 'Failed';
}
