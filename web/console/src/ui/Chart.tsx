import '@mantine/charts/styles.css'
import { AreaChart, BarChart, LineChart } from '@mantine/charts'
import type { ReactNode } from 'react'
import css from './ui.module.css'

/** A row of a chart: what stands on the axis under `at`, and a number for each line. */
export type Datum = Record<string, string | number | null>

/** A line, an area or the parts of bars. */
export interface Series {
  name: string
  label: string
  color: string
}

/** The picture is hidden from screen readers, so the keyboard does not stop at it either. */
const STILL = { accessibilityLayer: false }

/** Pixels of a row of the legend, and names that have room in one. */
const LEGEND = 28
const IN_A_ROW = 4

/** Pixels of a chart: three to a screen. */
const HEIGHT = 220

interface Props {
  title: ReactNode
  about?: ReactNode
  kind: 'bars' | 'stack' | 'lines' | 'areas'
  data: Datum[]
  series: Series[]
  format?: (value: number) => string
  height?: number
}

/** A chart on a card, with its name. Its figures stand in a table or beside it too: a picture says nothing to a screen reader. */
export function Chart(props: Props) {
  const { format } = props
  const shared = {
    h: props.height ?? HEIGHT,
    data: props.data,
    dataKey: 'at',
    series: props.series,
    withLegend: props.series.length > 1,
    legendProps: {
      verticalAlign: 'bottom' as const,
      height: props.series.length > IN_A_ROW ? 2 * LEGEND : LEGEND,
    },
    gridAxis: 'x' as const,
    tickLine: 'none' as const,
    strokeDasharray: '2 4',
    tooltipAnimationDuration: 0,
    // Without a format it is a count, and of people and conversations there are no halves.
    yAxisProps: {
      allowDecimals: props.format !== undefined,
      width: props.format ? 84 : 44,
      tickMargin: 6,
      axisLine: false,
    },
    xAxisProps: { tickMargin: 8, minTickGap: 24 },
    // Only the value: what else a chart hands over is not meant for a formatter with options of its own.
    ...(format && { valueFormatter: (value: number) => format(value) }),
  }
  return (
    <section className={`${css.card} ${css.panel}`}>
      <h2 className={css.sectionTitle}>{props.title}</h2>
      {props.about && <p className={css.about}>{props.about}</p>}
      <div style={{ marginTop: 14 }} aria-hidden>
        {props.kind === 'bars' && (
          <BarChart {...shared} barChartProps={STILL} maxBarWidth={28} barProps={{ radius: [3, 3, 0, 0] }} />
        )}
        {props.kind === 'stack' && (
          <BarChart {...shared} barChartProps={STILL} type="stacked" maxBarWidth={28} />
        )}
        {props.kind === 'lines' && (
          <LineChart
            {...shared}
            lineChartProps={STILL}
            curveType="monotone"
            strokeWidth={2}
            dotProps={{ r: 2.5 }}
            connectNulls
          />
        )}
        {props.kind === 'areas' && (
          <AreaChart
            {...shared}
            areaChartProps={STILL}
            curveType="monotone"
            strokeWidth={2}
            withDots={false}
            fillOpacity={0.14}
          />
        )}
      </div>
    </section>
  )
}
