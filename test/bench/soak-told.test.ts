import { describe, expect, it } from 'vitest'
import type { TimedSample } from '../../bench/soak/measure-soak.ts'
import { soakTold } from '../../bench/soak/soak-told.ts'

const MINUTES = 20
const DURATION_MS = MINUTES * 60_000

/** A sample a minute of a web process and the processes of a database, by what each of these holds. */
const samples = (descriptors: (minute: number) => readonly number[]): TimedSample[] =>
  Array.from({ length: MINUTES }, (_, minute) => {
    const server = { pid: 1, name: 'node', memoryBytes: 200e6, descriptors: 90 }
    const backends = descriptors(minute).map((held, index) => ({
      pid: 2 + index,
      name: 'postgres',
      memoryBytes: 8e6,
      descriptors: held,
    }))
    return {
      atMs: minute * 60_000,
      kinds: {},
      memoryBytes: 300e6,
      processes: [server, ...backends],
      heapBytes: 50e6,
      externalBytes: 8e6,
      eventLoopLagP99Ms: 10,
    }
  })

const told = (of: readonly TimedSample[]): string =>
  soakTold({ samples: of, answers: [], faults: {}, durationMs: DURATION_MS, sentBytes: 0 })

describe('what is told of a soak', () => {
  it('does not call a connection more growth', () => {
    const busierAtLast = samples((minute) => Array.from({ length: minute < 12 ? 10 : 12 }, () => 120))
    expect(told(busierAtLast)).toContain('memory and descriptors: steady')
  })

  it('calls it growth when one process holds more and more', () => {
    expect(told(samples((minute) => [100, 100, 100 + 3 * minute]))).toContain(
      'GROWS after warm-up: descriptors of one postgres, at most',
    )
  })

  it('calls it growth when the memory goes up by more than two connections have', () => {
    const growing = samples(() => [100]).map((sample, minute) => ({
      ...sample,
      processes: sample.processes.map((each) =>
        each.name === 'postgres' ? { ...each, memoryBytes: 8e6 + minute * 2e6 } : each,
      ),
    }))
    expect(told(growing)).toContain('GROWS after warm-up: memory of postgres')
  })

  it('calls it growth when there are more and more processes', () => {
    expect(told(samples((minute) => Array.from({ length: 10 + minute }, () => 100)))).toMatch(
      /GROWS after warm-up: .*processes/,
    )
  })

  it('calls a kind slower by more than chance alone', () => {
    const answers = (often: number, late: number) =>
      Array.from({ length: often * MINUTES }, (_, index) => {
        const atMs = (index * DURATION_MS) / (often * MINUTES)
        const isLate = atMs > DURATION_MS * 0.75
        return {
          kind: 'asked',
          atMs,
          ms: index % 10 === 0 && isLate ? late : 10,
          status: 200,
          isFault: false,
        }
      })
    const slower = (often: number): string =>
      soakTold({
        samples: samples(() => [100]),
        answers: answers(often, 40),
        faults: {},
        durationMs: DURATION_MS,
        sentBytes: 0,
      })
    expect(slower(100)).toContain('SLOWER in the last quarter than in the second: asked')
    expect(slower(4)).toContain('95 % of each kind: steady')
  })
})
