import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is awaited comes when a machine with other work has time for it.
    expect: { poll: { timeout: 20_000 } },
    // Each file has a database of its own on one server; more at once than cores only makes timings noisy.
    maxWorkers: 2,
  },
})
