import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import type { VmFacts } from '@aether-v/types';

/** Where a text went that a host took. */
export interface Taken {
  readonly engine: HyperVEngine;
  /** The agent's own folder. */
  readonly dataFolder: string;
  readonly operationId: string;
  /** What was sent. */
  readonly text: string;
  readonly result: Readonly<Record<string, unknown>>;
}

type Reader = (taken: Taken) => string | undefined;

/** What the engine has of the VM that a result is about. */
const vmOf = ({ engine, result }: Taken): VmFacts | undefined => {
  const { vmId } = (result['vm'] ?? result) as { readonly vmId: string };
  return engine.vm('n1', vmId);
};

const ofVm =
  (read: (vm: VmFacts) => string): Reader =>
  (taken) => {
    const vm = vmOf(taken);
    return vm && read(vm);
  };

const nameOfCheckpoint: Reader = (taken) => {
  const { id } = taken.result['checkpoint'] as { readonly id: string };
  return vmOf(taken)?.checkpoints.find((one) => one.id === id)?.name;
};

/** The fields whose text a host keeps, and where it is then: what is there, whatever the agent says of it. */
export const storedTexts: Readonly<Record<string, Reader>> = {
  'vm.create name': ofVm(({ name }) => name),
  'vm.create notes': ofVm(({ notes }) => notes),
  'vm.update changes/name': ofVm(({ name }) => name),
  'vm.update changes/notes': ofVm(({ notes }) => notes),
  'checkpoint.create name': nameOfCheckpoint,
  'checkpoint.rename name': nameOfCheckpoint,
  'envelope actor': ({ dataFolder, operationId }) =>
    (
      JSON.parse(readFileSync(join(dataFolder, 'journal', `${operationId}.json`), 'utf8')) as {
        readonly entry: { readonly actor: string };
      }
    ).entry.actor,
  // A key is known by its hash; the file says whose it is.
  'envelope idempotencyKey': ({ dataFolder, operationId, text }) => {
    const file = join(dataFolder, 'keys', createHash('sha256').update(text).digest('hex').toUpperCase());
    return existsSync(file) && readFileSync(file, 'utf8') === operationId ? text : undefined;
  },
};
