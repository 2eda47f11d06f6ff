import { tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';

export function Logo(): ReactElement {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden focusable="false" style={{ flexShrink: 0 }}>
      <path
        fill={tokens.colorBrandForeground1}
        fillRule="evenodd"
        d="M8 1l6 7-6 7-6-7zM8 4.6L5.1 8 8 11.4 10.9 8z"
      />
    </svg>
  );
}
