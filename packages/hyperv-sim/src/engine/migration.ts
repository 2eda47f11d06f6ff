import { EngineError } from './engine-error.ts';
import { RunningJob } from './engine-job.ts';
import type { Machine } from './machine.ts';
import { runTimed } from './timed.ts';
import type { SimHost } from './sim-host.ts';
import { isCritical } from './vm-facts.ts';

const gibibyte = 1024 ** 3;

function requireMovable(machine: Machine, source: SimHost, target: SimHost): void {
  const { config, condition } = machine;
  const cannot = (why: string): EngineError =>
    new EngineError('wrong-state', `"${config.name}" cannot be moved to ${target.spec.name}: ${why}.`);
  if (!config.clustered || source.facts.clusterId === null) throw cannot('it is not a clustered role');
  if (target.facts.clusterId !== source.facts.clusterId) throw cannot('that host is in another cluster');
  if (target === source) throw cannot('it is there already');
  if (isCritical(condition)) throw cannot('its storage is unreachable');
  if (machine.transition) throw cannot(`it is ${condition.state}`);
  if (condition.activity) throw cannot(`${condition.activity.kind} is under way`);
  if (condition.startedAt !== null && target.freeMemory() < config.memory.startup) {
    throw cannot('that host has not enough memory');
  }
}

/**
 * Moves a clustered VM to another node as real hosts show it: `Migrating` with a percentage on the source, then for a
 * moment both nodes report it, or neither, then only the target. Calls `changed` for each host whose facts have
 * changed.
 */
export function beginMigration(
  machine: Machine,
  source: SimHost,
  target: SimHost,
  changed: (host: SimHost) => void,
): RunningJob {
  requireMovable(machine, source, target);
  const { random } = machine.surroundings;
  const job = new RunningJob('Migrate', machine.id, `Moving to ${target.spec.name}`);
  const runs = machine.condition.startedAt !== null;
  const memory = machine.config.memory.startup / gibibyte;
  const durationMs = runs ? 3_000 + Math.min(15_000, memory * random.integer(250, 400)) : 1_000;
  const handoverMs = random.integer(150, 400);
  const targetFirst = random.next() < 0.5;

  machine.begin(job);
  machine.become({ activity: { kind: 'Migrating', percent: 0 } });
  job.cancellable(() => machine.end({ activity: null }));
  job.onChange(() => {
    if (job.state === 'running') machine.become({ activity: { kind: 'Migrating', percent: job.percent } });
  });

  const arrive = (): void => {
    target.machines.set(machine.id, machine);
    machine.settleOn(target.id);
    changed(target);
  };
  const leave = (): void => {
    source.machines.delete(machine.id);
    if (targetFirst) source.leaving.set(machine.id, machine.facts);
    changed(source);
  };
  const finish = (): void => {
    machine.end({ activity: null });
    if (runs && machine.condition.contact === 'none' && machine.condition.state === 'Running') {
      machine.awaitGuest(random.integer(1_000, 4_000));
    }
  };
  runTimed(machine, job, durationMs, () => {
    job.cancellable(null);
    leave();
    if (targetFirst) arrive();
    machine.after(handoverMs, () => {
      if (targetFirst) {
        source.leaving.delete(machine.id);
        changed(source);
      } else arrive();
      finish();
    });
  });
  return job;
}
