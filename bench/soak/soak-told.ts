import { quantile } from '../figures.ts'
import { short, textTable } from '../text-table.ts'
import type { Answered } from './asked.ts'
import type { TimedSample } from './measure-soak.ts'
import { STREAM } from './people.ts'
import { boundsOfQuantile } from './quantile-bounds.ts'
import { trendOf, valuesOf, type Point, type Trend } from './trend.ts'

export interface Soak {
  readonly samples: readonly TimedSample[]
  readonly answers: readonly Answered[]
  readonly faults: Readonly<Record<string, number>>
  readonly durationMs: number
  readonly sentBytes: number
}

/** Less than so much more is no growth. */
const MEMORY_NOISE = 12e6
/** Of descriptors, of processes. */
const COUNT_NOISE = 4
/** Connections more or less that are the load's. */
const CONNECTION_NOISE = 2
/** What one of them needs. */
const CONNECTION_BYTES = 8.5e6
/**
 * The 95 % of the last quarter may be so many times those of the second, and so much above them. Two guesses from few
 * answers differ by chance: what each may well be must not overlap.
 */
const SLOWER = 1.5
const SLOWER_MS = 5

/** The tables of a soak, and what they come to: line by line, whether it stays as it is. */
export function soakTold({ samples, answers, faults, durationMs, sentBytes }: Soak): string {
  const measures = measuresOf(samples)
  const trends = measures.map(({ name, of, unit, noise }) => {
    const points = samples.flatMap((sample): Point[] => {
      const value = of(sample)
      return value === undefined ? [] : [{ atMs: sample.atMs, value }]
    })
    return { name, unit, trend: trendOf(points, durationMs, noise) }
  })
  const kinds = [...new Set(answers.map(({ kind }) => kind))].filter((kind) => kind !== STREAM).sort()
  const times = kinds.map((kind) => timesOf(kind, answers, durationMs))
  const growing = trends.filter(({ trend }) => trend.grows).map(({ name }) => name)
  const slower = times.filter((each) => each.isSlower).map(({ kind }) => kind)
  const faulty = Object.entries(faults).map(([what, count]) => `${count} × ${what}`)
  const verdict = (right: string, wrong: string, found: readonly string[]): string =>
    found.length === 0 ? right : `${wrong}: ${found.join(', ')}`
  return [
    `${(durationMs / 60_000).toFixed(0)} min, ${answers.length} answers (${((answers.length * 1000) / durationMs).toFixed(1)} /s), ${(sentBytes / 1e6).toFixed(0)} MB uploaded`,
    '',
    textTable([
      ['used', '2nd quarter', 'last quarter', 'an hour', ''],
      ...trends.map(({ name, unit, trend }) => [
        name,
        shown(trend.secondQuarter, unit),
        shown(trend.lastQuarter, unit),
        `${trend.perHour < 0 ? '−' : '+'}${shown(Math.abs(trend.perHour), unit)}`,
        word(trend),
      ]),
    ]),
    '',
    textTable([
      ['asked', 'answers', 'median', '95 %, 2nd quarter', '95 %, last quarter', ''],
      ...times.map(({ kind, count, p50, before, after, isKnown, isSlower }) => [
        kind,
        String(count),
        `${short(p50)} ms`,
        `${short(before)} ms`,
        `${short(after)} ms`,
        isSlower ? 'SLOWER' : isKnown ? 'steady' : 'too few',
      ]),
    ]),
    '',
    verdict('memory and descriptors: steady after warm-up', 'GROWS after warm-up', growing),
    verdict('95 % of each kind: steady', 'SLOWER in the last quarter than in the second', slower),
    verdict('faults: none', 'FAULTS', faulty),
  ].join('\n')
}

interface Measure {
  readonly name: string
  readonly unit: 'MB' | 'ms' | ''
  readonly noise: number
  readonly of: (sample: TimedSample) => number | undefined
}

function measuresOf(samples: readonly TimedSample[]): Measure[] {
  const programs = [...new Set(samples.flatMap(({ processes }) => processes.map(({ name }) => name)))]
  const bytes = (name: string, of: Measure['of']): Measure => ({ name, unit: 'MB', noise: MEMORY_NOISE, of })
  return [
    bytes('memory (PSS), all', (sample) => sample.memoryBytes),
    ...programs.flatMap((name) => [memory(samples, name), ...descriptors(samples, name)]),
    { name: 'processes', unit: '', noise: COUNT_NOISE, of: (sample) => sample.processes.length },
    bytes('heap of the web process', (sample) => sample.heapBytes),
    bytes('its memory outside the heap', (sample) => sample.externalBytes),
    { name: 'event loop lag, 99 %', unit: 'ms', noise: SLOWER_MS, of: (sample) => sample.eventLoopLagP99Ms },
  ]
}

const isOne = (samples: readonly TimedSample[], name: string): boolean =>
  samples.every((sample) => named(sample, name).length <= 1)

const memory = (samples: readonly TimedSample[], name: string): Measure => ({
  name: `memory of ${name}`,
  unit: 'MB',
  noise: isOne(samples, name) ? MEMORY_NOISE : CONNECTION_NOISE * CONNECTION_BYTES,
  of: (sample) => sum(named(sample, name).map(({ memoryBytes }) => memoryBytes)),
})

/**
 * Of a program that is several processes, how many of its connections are open at a moment is the load's: what must not grow
 * is what one of them holds, and their number.
 */
function descriptors(samples: readonly TimedSample[], name: string): Measure[] {
  const each = (sample: TimedSample): number[] => named(sample, name).map((process) => process.descriptors)
  const most = (sample: TimedSample): number => Math.max(0, ...each(sample))
  const all = {
    name: `descriptors of ${name}`,
    unit: '',
    of: (sample: TimedSample) => sum(each(sample)),
  } as const
  if (isOne(samples, name)) return [{ ...all, noise: COUNT_NOISE }]
  return [
    { ...all, noise: CONNECTION_NOISE * Math.max(...samples.map(most)) },
    { name: `descriptors of one ${name}, at most`, unit: '', noise: COUNT_NOISE, of: most },
  ]
}

const named = (sample: TimedSample, name: string) => sample.processes.filter((each) => each.name === name)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function timesOf(kind: string, answers: readonly Answered[], durationMs: number) {
  const points = answers.filter((each) => each.kind === kind).map(({ atMs, ms }) => ({ atMs, value: ms }))
  const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)
  const quarter = (number: number): number[] => sorted(valuesOf(points, durationMs, number))
  const before = quantile(quarter(1), 0.95)
  const after = quantile(quarter(3), 0.95)
  const { high } = boundsOfQuantile(quarter(1), 0.95)
  const { low } = boundsOfQuantile(quarter(3), 0.95)
  const isKnown = high !== undefined && low !== undefined
  return {
    kind,
    count: points.length,
    p50: quantile(sorted(points.map(({ value }) => value)), 0.5),
    before,
    after,
    isKnown,
    isSlower: isKnown && after > SLOWER * before && after > before + SLOWER_MS && low > high,
  }
}

const word = (trend: Trend): string => (trend.grows ? 'GROWS' : 'steady')

const shown = (value: number, unit: Measure['unit']): string =>
  unit === 'MB' ? `${(value / 1e6).toFixed(1)} MB` : unit === 'ms' ? `${short(value)} ms` : value.toFixed(0)
