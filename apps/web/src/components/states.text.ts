import type { Cluster, Host, IntegrationServiceKind, JobState, VmState } from '@aether-v/types';
import type { StatusView } from './status.tsx';

export const vmStateViews: Record<VmState, StatusView> = {
  Running: { icon: 'running', word: 'Running', tone: 'good' },
  Off: { icon: 'off', word: 'Off', tone: 'quiet' },
  Saved: { icon: 'saved', word: 'Saved', tone: 'quiet' },
  Paused: { icon: 'paused', word: 'Paused', tone: 'warning' },
  FastSaved: { icon: 'saved', word: 'Saved (fast)', tone: 'quiet' },
  Hibernated: { icon: 'saved', word: 'Hibernated', tone: 'quiet' },
  Starting: { icon: 'moving', word: 'Starting…', tone: 'busy' },
  Stopping: { icon: 'moving', word: 'Stopping…', tone: 'busy' },
  Saving: { icon: 'moving', word: 'Saving…', tone: 'busy' },
  Pausing: { icon: 'moving', word: 'Pausing…', tone: 'busy' },
  Resuming: { icon: 'moving', word: 'Resuming…', tone: 'busy' },
  Resetting: { icon: 'moving', word: 'Resetting…', tone: 'busy' },
  FastSaving: { icon: 'moving', word: 'Saving (fast)…', tone: 'busy' },
  ForceShutdown: { icon: 'moving', word: 'Shutting down…', tone: 'busy' },
  ForceReboot: { icon: 'moving', word: 'Rebooting…', tone: 'busy' },
  ComponentServicing: { icon: 'moving', word: 'Servicing', tone: 'busy' },
  Other: { icon: 'unknown', word: 'Other', tone: 'warning' },
};

/** The name of a state within a sentence. */
export const vmStateWords: Record<VmState, string> = {
  Running: 'running',
  Off: 'off',
  Saved: 'saved',
  Paused: 'paused',
  FastSaved: 'saved',
  Hibernated: 'hibernated',
  Starting: 'starting',
  Stopping: 'stopping',
  Saving: 'being saved',
  Pausing: 'pausing',
  Resuming: 'resuming',
  Resetting: 'resetting',
  FastSaving: 'being saved',
  ForceShutdown: 'shutting down',
  ForceReboot: 'rebooting',
  ComponentServicing: 'being serviced',
  Other: 'in an unknown state',
};

export const criticalView: StatusView = { icon: 'error', word: 'Critical', tone: 'bad' };
export const conflictTitle = 'In conflict.';
export const conflictView: StatusView = { icon: 'warning', word: 'In conflict', tone: 'bad' };
export const movingView: StatusView = { icon: 'moving', word: 'Moving…', tone: 'busy' };

export const jobStateViews: Record<JobState, StatusView> = {
  queued: { icon: 'waiting', word: 'Queued', tone: 'quiet' },
  running: { icon: 'moving', word: 'Running', tone: 'busy' },
  succeeded: { icon: 'ok', word: 'Succeeded', tone: 'good' },
  failed: { icon: 'error', word: 'Failed', tone: 'bad' },
  cancelled: { icon: 'cancelled', word: 'Cancelled', tone: 'quiet' },
  unknown: { icon: 'unknown', word: 'Outcome unknown', tone: 'warning' },
};

export const connectionViews: Record<Host['connection']['state'], StatusView> = {
  connecting: { icon: 'waiting', word: 'Connecting…', tone: 'busy' },
  connected: { icon: 'ok', word: 'Connected', tone: 'good' },
  unreachable: { icon: 'unreachable', word: 'Unreachable', tone: 'bad' },
};

type NodeState = Cluster['nodes'][number]['state'];

export const nodeStateViews: Record<NodeState, StatusView> = {
  Up: { icon: 'ok', word: 'Up', tone: 'good' },
  Paused: { icon: 'paused', word: 'Paused', tone: 'warning' },
  Down: { icon: 'error', word: 'Down', tone: 'bad' },
  Joining: { icon: 'moving', word: 'Joining…', tone: 'busy' },
  Unknown: { icon: 'unknown', word: 'Unknown', tone: 'warning' },
};

/** The state of a cluster node in a list of hosts. */
export const nodeWord = (word: string): string => `Node ${word.toLowerCase()}`;

export const integrationServiceWords: Record<IntegrationServiceKind, string> = {
  Heartbeat: 'Heartbeat',
  Shutdown: 'Operating system shutdown',
  TimeSynchronization: 'Time synchronization',
  KeyValuePairExchange: 'Data exchange',
  Vss: 'Backup (volume shadow copy)',
  GuestServiceInterface: 'Guest services',
};
