import { Button, Toast, ToastBody, ToastTitle } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { errorTexts, unreachableText } from '../components/error.text.ts';
import { useToasts } from '../components/use-toasts.ts';
import { ApiProblem } from '../fleet/problem.ts';
import { sessionApi } from '../session/session-api.ts';
import { useSessionStore } from '../session/session-context.ts';
import { signInTexts as texts } from './sign-in.text.ts';

/** Returns a function that signs out, here and at the provider. The page is loaded anew, so that no data stays. */
export function useSignOut(): () => void {
  const session = useSessionStore();
  const { dispatchToast } = useToasts();
  const { mutate } = useMutation({
    networkMode: 'always',
    mutationFn: async () => {
      const { next } = await sessionApi.signOut();
      session.tellOthers();
      location.assign(next ?? '/');
    },
    onError(error) {
      const text = error instanceof ApiProblem ? errorTexts[error.code] : unreachableText;
      dispatchToast(
        <Toast>
          <ToastTitle>{texts.signOutFailed}</ToastTitle>
          <ToastBody>{`${text.what} ${text.todo}`}</ToastBody>
        </Toast>,
        { intent: 'error', timeout: 10_000 },
      );
    },
  });
  return () => mutate();
}

export function SignOutButton(): ReactElement {
  return <Button onClick={useSignOut()}>{texts.signOut}</Button>;
}
