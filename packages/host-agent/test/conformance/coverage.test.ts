import { operations } from '@aether-v/types';
import { expect, test } from 'vitest';
import { scenarios } from './scenarios.ts';
import { simulatorSide, type Side } from './side.ts';
import { Stage } from './stage.ts';

/** The same side, which notes the operations that end in a result. */
function noting(side: Side, succeeded: Set<string>): Side {
  return {
    ...side,
    begin: async (envelope) => {
      const conversation = await side.begin(envelope);
      void conversation.ended.then(() => {
        if (conversation.lines.at(-1)?.type !== 'result') return;
        succeeded.add((JSON.parse(envelope) as { readonly op: string }).op);
      });
      return conversation;
    },
  };
}

// A scenario whose request is refused compares two refusals: what the operation does would never be seen.
test('every operation of the contract ends in a result somewhere in the scenarios', async () => {
  const succeeded = new Set<string>();
  for (const scenario of scenarios) {
    await using side = await simulatorSide(scenario.world);
    await scenario.play(new Stage(noting(side, succeeded), scenario));
  }
  expect([...succeeded].sort()).toEqual(Object.keys(operations).sort());
});
