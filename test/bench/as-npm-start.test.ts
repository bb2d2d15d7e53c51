import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AS_NPM_START } from '../../bench/as-npm-start.ts'

it('measures servers with the allocator of `npm start`', () => {
  const file = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
  const { start } = (JSON.parse(file) as { scripts: { start: string } }).scripts
  const said = Object.entries(AS_NPM_START).map(([name, value]) => `${name}=${value}`)
  expect(start.startsWith(`${said.join(' ')} exec `)).toBe(true)
})
