import {
  Button,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  tokens,
} from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useId, useState, type ReactElement } from 'react';
import { errorTexts, unreachableText } from '../components/error.text.ts';
import { ApiProblem } from '../fleet/problem.ts';
import { sessionApi } from '../session/session-api.ts';
import { useSessionStore } from '../session/session-context.ts';
import { signInTexts as texts } from './sign-in.text.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalM },
});

/** Returns the reason of a failed sign-in in words. */
function signInProblem(error: Error): string {
  if (!(error instanceof ApiProblem)) return `${unreachableText.what} ${errorTexts['shutting-down'].todo}`;
  if (error.code === 'unauthenticated') return texts.wrongPassword;
  if (error.code === 'too-many-requests') return texts.tooMany(error.message);
  const { what, todo } = errorTexts[error.code];
  return `${what} ${error.message} ${todo}`;
}

/** Signs in with the name and password of a local account. */
export function AccountForm(): ReactElement {
  const styles = useStyles();
  const session = useSessionStore();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const passwordField = useId();
  const signIn = useMutation({
    networkMode: 'always',
    mutationFn: async () => {
      await sessionApi.signIn(user, password);
      await session.checkAgain();
    },
    onError() {
      setPassword('');
      document.getElementById(passwordField)?.focus();
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!signIn.isPending) signIn.mutate();
      }}
    >
      {signIn.error && (
        <MessageBar intent="error" layout="multiline" politeness="assertive">
          <MessageBarBody>{signInProblem(signIn.error)}</MessageBarBody>
        </MessageBar>
      )}
      <Field label={texts.user}>
        <Input
          name="username"
          required
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={user}
          onChange={(_, { value }) => setUser(value)}
        />
      </Field>
      <Field label={texts.password}>
        <Input
          id={passwordField}
          name="password"
          required
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(_, { value }) => setPassword(value)}
        />
      </Field>
      <Button type="submit" appearance="primary" disabledFocusable={signIn.isPending}>
        {signIn.isPending ? texts.submitting : texts.submit}
      </Button>
    </form>
  );
}
