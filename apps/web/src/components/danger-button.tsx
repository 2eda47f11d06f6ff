import { Button, makeStyles, mergeClasses, tokens, type ButtonProps } from '@fluentui/react-components';
import type { ReactElement } from 'react';

const useStyles = makeStyles({
  root: {
    backgroundColor: tokens.colorStatusDangerBackground3,
    color: tokens.colorNeutralForegroundOnBrand,
    ':hover': {
      backgroundColor: tokens.colorStatusDangerBackground3Hover,
      color: tokens.colorNeutralForegroundOnBrand,
    },
    ':hover:active': {
      backgroundColor: tokens.colorStatusDangerBackground3Pressed,
      color: tokens.colorNeutralForegroundOnBrand,
    },
  },
});

/** The button that confirms what can lose data. */
export function DangerButton(props: ButtonProps): ReactElement {
  const styles = useStyles();
  const { className, ...rest } = props;
  const isDisabled = rest.disabled === true || rest.disabledFocusable === true;
  return (
    <Button
      {...rest}
      appearance={isDisabled ? 'secondary' : 'primary'}
      className={mergeClasses(!isDisabled && styles.root, className)}
    />
  );
}
