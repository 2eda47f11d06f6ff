import { createContext, use } from 'react';
import type { ThemeChoice } from './theme.ts';

export interface ThemeControl {
  readonly choice: ThemeChoice;
  readonly choose: (choice: ThemeChoice) => void;
}

export const ThemeContext = createContext<ThemeControl>({ choice: 'system', choose: () => undefined });

export function useThemeControl(): ThemeControl {
  return use(ThemeContext);
}
