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
  // Fixed width of 100 %, so that charts in different rows are aligned.
  percent: { minWidth: '2.75rem', textAlign: 'right' },
  chart: { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
  line: {
    fill: 'none',
    stroke: tokens.colorBrandForeground1,
    strokeWidth: tokens.strokeWidthThin,
    vectorEffect: 'non-scaling-stroke',
  },
  area: { fill: tokens.colorBrandBackground2 },
});

/** A line chart of the latest samples from 0 to 100 %, newest on the right. */
export function Sparkline({
  values,
  width,
  height,
  slots,
  fills = false,
}: {
  readonly values: readonly number[];
  readonly width: number;
  readonly height: number;
  /** The number of samples that fill the width. */
  readonly slots: number;
  /** Stretches to the width of the container; `width` is then the width of the drawing. */
  readonly fills?: boolean;
}): ReactElement {
  const styles = useStyles();
  const shown = values.slice(-slots);
  const step = width / (slots - 1);
  const start = width - (shown.length - 1) * step;
  const points = shown.map((value, n) => `${start + n * step},${height - 1 - (value / 100) * (height - 2)}`);
  return (
    <svg
      className={styles.chart}
      height={height}
      style={{ width: fills ? '100%' : width }}
      preserveAspectRatio="none"
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

/** CPU usage: a line of the latest samples, and the latest value. */
export function CpuCell({ values }: { readonly values: readonly number[] }): ReactElement {
  const styles = useStyles();
  const latest = values.at(-1) ?? 0;
  return (
    <span className={styles.root}>
      <Sparkline values={values} width={40} height={16} slots={20} />
      <span className={styles.percent}>{formatPercent(latest)}</span>
    </span>
  );
}
