import { useState } from 'react';
import { useMedia } from '../components/use-media.ts';

export const themeChoices = ['light', 'dark', 'system'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const key = 'aether-v.theme';

function stored(): ThemeChoice {
  const value = localStorage.getItem(key);
  return themeChoices.find((choice) => choice === value) ?? 'system';
}

/** Returns the user's theme choice and the resulting theme. */
export function useTheme(): {
  readonly choice: ThemeChoice;
  readonly dark: boolean;
  readonly choose: (choice: ThemeChoice) => void;
} {
  const [choice, setChoice] = useState(stored);
  const systemIsDark = useMedia('(prefers-color-scheme: dark)');
  return {
    choice,
    dark: choice === 'dark' || (choice === 'system' && systemIsDark),
    choose(next) {
      localStorage.setItem(key, next);
      setChoice(next);
    },
  };
}
