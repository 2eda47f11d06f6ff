import type { ReactElement } from 'react';
import { AppLink } from '../../components/app-link.tsx';
import { Message } from '../../components/message.tsx';
import { notFoundTexts as texts } from './not-found.text.ts';

export function NotFoundPage(): ReactElement {
  return (
    <Message title={texts.title} action={<AppLink to="/">{texts.back}</AppLink>}>
      {texts.body}
    </Message>
  );
}
