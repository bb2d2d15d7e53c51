import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import type { Requirement } from './require.ts'

const PATHS = [
  process.env['YUNYING_TEST_CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const executablePath = PATHS.find((path) => path !== '' && existsSync(path))

export const CHROMIUM: Requirement = {
  name: 'Chromium',
  remedy: 'apt-get install chromium, or name it in YUNYING_TEST_CHROMIUM',
  found: executablePath !== undefined,
  // A browser that draws in software beside its servers misses a deadline now and then; what fails twice is broken.
  retries: 1,
}

/** A real browser without a window. `webgl`: with WebGL in software, as a page sees a graphics card. */
export function openBrowser({ webgl = false } = {}): Promise<Browser> {
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--no-sandbox',
      ...(webgl ? ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'] : ['--disable-gpu']),
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
