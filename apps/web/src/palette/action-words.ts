import { commands } from '@aether-v/types';
import { offeredVmCommands, type OfferedVmCommand } from '../fleet/offered-commands.ts';

/** A command, and the rest of the text, which is about its subject. */
export interface ActionWords {
  readonly command: OfferedVmCommand;
  readonly subject: string;
}

const words = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * Returns the commands that a text such as `shut down app-01` may begin with; their last word may be unfinished while
 * nothing follows: `st` means Start and `Start`'s subject is still empty.
 */
export function actionWords(text: string): readonly ActionWords[] {
  const typed = words(text);
  if (typed.length === 0) return [];
  return offeredVmCommands.flatMap((command): ActionWords[] => {
    const label = words(commands[command].label);
    // `shutdown` is one word for many people, and the first word of two suffices: no two labels share it.
    const forms = label.length > 1 ? [label, [label.join('')], label.slice(0, 1)] : [label];
    for (const form of forms) {
      const said = typed.slice(0, form.length);
      const isBegun = said.every((word, at) =>
        at < said.length - 1 || typed.length > form.length ? form[at] === word : form[at]?.startsWith(word),
      );
      if (isBegun) return [{ command, subject: typed.slice(form.length).join(' ') }];
    }
    return [];
  });
}
