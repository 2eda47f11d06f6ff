import { agentCommand, sessionCommand } from '@aether-v/types';
import {
  CommandError,
  createPsrpShell,
  WsmanListener,
  type Clock,
  type CommandContext,
  type CountedAction,
  type ServerAuthentication,
  type ShellPacing,
} from '@aether-v/psrp/server';
import type { HyperVEngine } from '../engine/index.ts';
import { createHostAgent, type HostAgent } from './agent.ts';
import { FaultGate } from './fault-gate.ts';
import { agentFault } from './fault.ts';
import { retold } from './retold.ts';

/** WS-Management requests and bytes of their bodies. */
export interface Counters {
  readonly requests: number;
  readonly byAction: Readonly<Record<CountedAction, number>>;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Shells that exist now. */
  readonly shells: number;
}

/** One host of a served fleet. */
export interface ServedHost {
  readonly hostId: string;
  readonly name: string;
  /** Its WS-Management endpoint. */
  readonly url: string;
}

/** Options of an endpoint. */
export interface HostEndpointOptions {
  readonly engine: HyperVEngine;
  readonly hostId: string;
  readonly authentication: ServerAuthentication;
  readonly pacing?: Partial<ShellPacing>;
  /** The clock of the endpoint's timeouts; the system clock by default. */
  readonly clock?: Clock;
}

async function invokeOperation(agent: HostAgent, gate: FaultGate, context: CommandContext): Promise<void> {
  const { parameters, signal } = context;
  const request = parameters.get(agentCommand.parameter);
  if (typeof request !== 'string' || parameters.size !== 1) {
    throw new CommandError({
      message: `${agentCommand.name} takes one parameter: -${agentCommand.parameter} with a text.`,
      fullyQualifiedErrorId: `ParameterArgumentValidationError,${agentCommand.name}`,
      category: 'InvalidArgument',
      exceptionTypes: [
        'System.Management.Automation.ParameterBindingException',
        'System.Management.Automation.RuntimeException',
        'System.SystemException',
        'System.Exception',
        'System.Object',
      ],
    });
  }
  for await (const line of agent.run(request, signal)) await context.write(retold(gate.fault, line));
}

/** A simulated host as a WS-Management endpoint: its agent in a shell, behind a fault gate. */
export class HostEndpoint {
  readonly hostId: string;
  readonly agent: HostAgent;
  readonly gate: FaultGate;
  readonly listener: WsmanListener;
  #baseline: Counters;

  constructor({ engine, hostId, authentication, pacing, clock }: HostEndpointOptions) {
    const gate = new FaultGate(engine.clock);
    const agent = createHostAgent({ engine, hostId, fault: (op) => agentFault(gate.fault, op) });
    const { name, osVersion } = engine.host(hostId);
    this.hostId = hostId;
    this.gate = gate;
    this.agent = agent;
    const invoke = (context: CommandContext): Promise<void> => invokeOperation(agent, gate, context);
    this.listener = new WsmanListener({
      backend: createPsrpShell({
        commands: { [agentCommand.name]: invoke },
        // Behaves like a session in which the agent is already loaded, because there is no PowerShell to load it.
        find: (name) => (sessionCommand.test(name) ? invoke : undefined),
      }),
      authentication,
      machine: name,
      identity: {
        protocolVersion: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
        productVendor: 'Microsoft Corporation',
        productVersion: `OS: ${osVersion} SP: 0.0 Stack: 3.0`,
      },
      intercept: gate.intercept,
      ...(pacing && { pacing }),
      ...(clock && { clock }),
    });
    this.#baseline = this.#total();
  }

  /** The traffic since the start or the last reset. */
  get counters(): Counters {
    const total = this.#total();
    const from = this.#baseline;
    const byAction = { ...total.byAction };
    for (const [action, count] of Object.entries(from.byAction) as [CountedAction, number][]) {
      byAction[action] -= count;
    }
    return {
      requests: total.requests - from.requests,
      byAction,
      bytesIn: total.bytesIn - from.bytesIn,
      bytesOut: total.bytesOut - from.bytesOut,
      shells: total.shells,
    };
  }

  /** Resets the counters. */
  resetCounters(): void {
    this.#baseline = this.#total();
  }

  #total(): Counters {
    return { ...this.listener.traffic, shells: this.listener.shellCount };
  }
}
