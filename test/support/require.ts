import { describe, it } from 'vitest'

/** Something a test needs and a machine may lack. */
export interface Requirement {
  /** What it is, for the reader of the skip: `a Redis server`. */
  readonly name: string
  /** How to get it: `apt-get install redis-server`. */
  readonly remedy: string
  readonly found: boolean
  /** Tries again of a test that failed, where what it needs is slow by its nature. The report says which were tried again. */
  readonly retries?: number
}

/** All of them together. */
export const allOf = (...requirements: readonly Requirement[]): Requirement => ({
  name: requirements.map(({ name }) => name).join(', '),
  remedy: requirements.map(({ remedy }) => remedy).join('; '),
  found: requirements.every(({ found }) => found),
  retries: Math.max(...requirements.map(({ retries = 0 }) => retries)),
})

/**
 * Describes as usual when the requirement is found. Else says aloud that it skips, and fails instead where
 * YUNYING_TEST_REQUIRE=all promises that everything is here.
 */
export function describeWith(requirement: Requirement, name: string, body: () => void): void {
  if (requirement.found) {
    describe(name, { retry: requirement.retries ?? 0 }, body)
    return
  }
  const missing = `${name}: needs ${requirement.name} (${requirement.remedy})`
  if (process.env['YUNYING_TEST_REQUIRE'] === 'all') {
    describe(name, () => {
      it('finds what it needs', () => {
        throw new Error(`YUNYING_TEST_REQUIRE=all, but ${missing}`)
      })
    })
    return
  }
  process.stderr.write(`SKIPPED ${missing}\n`)
  describe.skip(`${name} (no ${requirement.name})`, () => {
    it('needs what is not here', () => undefined)
  })
}
