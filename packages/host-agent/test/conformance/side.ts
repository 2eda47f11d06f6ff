import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HyperVEngine, type FleetSpec } from '@aether-v/hyperv-sim/engine';
import { createHostAgent } from '@aether-v/hyperv-sim/fleet';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { HostLanguage } from '../bridge/cultures.ts';
import { AgentHost, type AgentSession, type PowerShellFarm } from '../support/agent-host.ts';
import { Conversation } from './conversation.ts';
import { TimeGate } from './time-gate.ts';

/** How long a side waits at a time while nothing else happens. */
const stepMs = 500;

/** One host that answers the contract, whoever does the work. */
export interface Side extends AsyncDisposable {
  readonly engine: HyperVEngine;
  readonly hostId: string;
  readonly time: TimeGate;
  /** Begins an operation. Each has a session of its own, so that several can run at once. */
  begin(envelope: string): Promise<Conversation>;
  /** What the agent has written down so far. */
  journal(): readonly string[];
  /** Ends the session of the operation that began last without a word, as when its host process dies. */
  dropSession(): Promise<void>;
}

/** Which host of which fleet a side is. */
export interface World {
  readonly fleet: FleetSpec;
  readonly hostId: string;
  readonly language?: HostLanguage;
}

function makeWorld({ fleet, hostId }: World): {
  readonly engine: HyperVEngine;
  readonly hostId: string;
  readonly time: TimeGate;
} {
  const clock = createFakeClock();
  return {
    engine: new HyperVEngine({ clock, seed: 'conformance', fleet }),
    hostId,
    time: new TimeGate(clock),
  };
}

/** The simulator's own agent. Time passes whenever an operation waits. */
export function simulatorSide(world: World): Promise<Side> {
  const { engine, hostId, time } = makeWorld(world);
  const agent = createHostAgent({ engine, hostId });
  const running = new Set<Conversation>();
  let last: Conversation | undefined;
  let closed = false;
  const pump = async (): Promise<void> => {
    while (!closed) {
      // A turn of the event loop lets everything in microtasks settle before time moves.
      await new Promise((resolve) => setImmediate(resolve));
      if (running.size > 0 && !time.frozen) time.pass(stepMs);
    }
  };
  void pump();
  return Promise.resolve({
    engine,
    hostId,
    time,
    begin: (envelope) => {
      const conversation = new Conversation((signal) => agent.run(envelope, signal));
      // No time passes during a check, as on the other side.
      if (!envelope.includes('"op":"operation.check"')) running.add(conversation);
      last = conversation;
      void conversation.ended.finally(() => running.delete(conversation));
      return Promise.resolve(conversation);
    },
    // The simulator's journal is in memory; its own tests read it.
    journal: () => [],
    dropSession: async () => {
      last?.leave();
      await last?.ended;
    },
    [Symbol.asyncDispose]: () => {
      closed = true;
      engine.dispose();
      return Promise.resolve();
    },
  });
}

/** The real agent on real PowerShell, behind WS-Management, over the stubs. */
export async function agentSide(farm: PowerShellFarm, world: World): Promise<Side> {
  const { engine, hostId, time } = makeWorld(world);
  const host = await AgentHost.open(farm, {
    engine,
    hostId,
    advance: time.advance,
    ...(world.language && { language: world.language }),
  });
  const running = new Map<AgentSession, Conversation>();
  let last: AgentSession | undefined;
  return {
    engine,
    hostId,
    time,
    begin: async (envelope) => {
      const session = await host.session();
      const conversation = new Conversation((signal) => session.run(envelope, signal));
      running.set(session, conversation);
      last = session;
      void conversation.ended.then(
        () => {
          if (running.delete(session)) farm.put(session);
        },
        () => undefined,
      );
      return conversation;
    },
    journal: () =>
      globSync('**/*', { cwd: host.dataFolder })
        .sort()
        .map((path) => `${path} ${statSync(join(host.dataFolder, path), { bigint: true }).mtimeNs}`),
    dropSession: async () => {
      const conversation = last && running.get(last);
      if (!last || !conversation) return;
      running.delete(last);
      farm.kill(last);
      await conversation.ended.catch(() => undefined);
    },
    [Symbol.asyncDispose]: async () => {
      for (const [session, conversation] of running) {
        conversation.leave();
        farm.kill(session);
      }
      time.thaw();
      await host[Symbol.asyncDispose]();
      engine.dispose();
    },
  };
}
