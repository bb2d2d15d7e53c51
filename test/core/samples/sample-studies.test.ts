import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleStudies } from '../../../core/samples/sample-studies.ts'
import type { SampleInstance, SampleStudy } from '../../../core/samples/sample-study.ts'
import { describeWith } from '../../support/require.ts'

const run = promisify(execFile)
const DCIODVFY = '/usr/bin/dciodvfy'

async function first(study: SampleStudy, count: number): Promise<SampleInstance[]> {
  const made: SampleInstance[] = []
  for await (const instance of study.instances()) {
    made.push(instance)
    if (made.length === count) break
  }
  return made
}

const digest = (instance: SampleInstance) =>
  instance.chunks.reduce((hash, chunk) => hash.update(chunk), createHash('sha256')).digest('hex')

describe('sampleStudies', () => {
  it('has a CT of 200 slices, a prior of the same patient, an MR, a CR and a cine, each with a UID of its own', () => {
    const studies = sampleStudies()
    expect(studies.map((study) => study.instanceCount)).toEqual([60, 1, 1, 60, 200])
    expect(new Set(studies.map((study) => study.studyInstanceUid)).size).toBe(5)
    for (const study of studies) expect(study.studyInstanceUid).toMatch(/^2\.25\.[1-9]\d{0,38}$/)
  })

  it('gives every study the UID it always had, so that a second load stores nothing', () => {
    expect(sampleStudies().at(-1)?.studyInstanceUid).toBe('2.25.105614020414252487874364574307443278087')
  })

  it('makes the same bytes each time', async () => {
    for (const study of sampleStudies().filter((each) => each.instanceCount > 1)) {
      const [once, again] = [await first(study, 1), await first(study, 1)]
      expect(once.map(digest)).toEqual(again.map(digest))
    }
  })

  it('lets the event loop turn while it computes', async () => {
    const study = sampleStudies().at(-1)
    if (study === undefined) throw new Error('no study')
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await first(study, 2)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(10)
  })
})

const validator = {
  name: 'an IOD validator',
  remedy: 'apt-get install dicom3tools',
  found: existsSync(DCIODVFY),
}

describeWith(validator, 'a sample instance', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yunying-samples-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('has no fault that an IOD validator finds', { timeout: 60_000 }, async () => {
    for (const study of sampleStudies()) {
      const [instance] = await first(study, 1)
      const file = join(folder, `${study.studyInstanceUid}.dcm`)
      await writeFile(file, Buffer.concat(instance?.chunks ?? []))
      const { stderr } = await run(DCIODVFY, [file])
      expect(stderr).not.toMatch(/Error|Warning/)
    }
  })
})
