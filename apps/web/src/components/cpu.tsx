import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { formatPercent } from './format.ts';

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    fontVariantNumeric: 'tabular-nums',
  },
  chart: { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
  line: {
    fill: 'none',
    stroke: tokens.colorBrandForeground1,
    strokeWidth: tokens.strokeWidthThin,
    vectorEffect: 'non-scaling-stroke',
  },
  area: { fill: tokens.colorBrandBackground2 },
});

/** The last samples as a line from 0 to 100 %, the newest at the right. */
export function Sparkline({
  values,
  width,
  height,
  slots,
}: {
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
  /** How many samples fill the width. */
  readonly slots: number;
}): ReactElement {
  const styles = useStyles();
  const shown = values.slice(-slots);
  const step = width / (slots - 1);
  const start = width - (shown.length - 1) * step;
  const points = shown.map((value, n) => `${start + n * step},${height - 1 - (value / 100) * (height - 2)}`);
  return (
    <svg
      className={styles.chart}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden
      focusable="false"
    >
      {points.length > 1 && (
        <>
          <polygon
            className={styles.area}
            points={`${start},${height} ${points.join(' ')} ${width},${height}`}
          />
          <polyline className={styles.line} points={points.join(' ')} />
        </>
      )}
    </svg>
  );
}

/** CPU use: a line of the last samples and the latest as a number. */
export function CpuCell({ values }: { readonly values: readonly number[] }): ReactElement {
  const styles = useStyles();
  const latest = values.at(-1) ?? 0;
  return (
    <span className={styles.root}>
      <Sparkline values={values} width={40} height={16} slots={20} />
      {formatPercent(latest)}
    </span>
  );
}
