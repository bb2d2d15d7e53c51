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

function studyOf(name: string): SampleStudy {
  const study = sampleStudies().find((each) => each.name === name)
  if (study === undefined) throw new Error(`There is no ${name}.`)
  return study
}

const digest = (instance: SampleInstance) =>
  instance.chunks.reduce((hash, chunk) => hash.update(chunk), createHash('sha256')).digest('hex')

describe('sampleStudies', () => {
  it('has CT with a prior, mammograms with a prior, PET with CT, MR, CR and a cine, each with a UID of its own', () => {
    const studies = sampleStudies()
    expect(studies.map((study) => study.instanceCount)).toEqual([150, 1, 1, 4, 4, 60, 200, 189])
    expect(new Set(studies.map((study) => study.studyInstanceUid)).size).toBe(8)
    for (const study of studies) expect(study.studyInstanceUid).toMatch(/^2\.25\.[1-9]\d{0,38}$/)
  })

  it('gives every study the UID it always had, so that a second load stores nothing', () => {
    expect(studyOf('chest CT 2026').studyInstanceUid).toBe('2.25.105614020414252487874364574307443278087')
  })

  it('makes the same bytes each time', { timeout: 300_000 }, async () => {
    for (const study of sampleStudies().filter((each) => each.instanceCount > 1)) {
      const [once, again] = [await first(study, 1), await first(study, 1)]
      expect(once.map(digest)).toEqual(again.map(digest))
    }
  })

  it('lets the event loop turn while it computes', async () => {
    const study = studyOf('chest CT 2026')
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

  it('has no fault that an IOD validator finds', { timeout: 180_000 }, async () => {
    for (const study of sampleStudies()) {
      // Each view of the smaller mammogram; the first of what has many alike.
      const made = await first(study, study.name === 'mammogram 2025' ? 4 : 1)
      for (const instance of made) {
        const file = join(folder, `${instance.sopInstanceUid}.dcm`)
        await writeFile(file, Buffer.concat(instance.chunks))
        const { stderr } = await run(DCIODVFY, [file])
        expect(stderr).not.toMatch(/Error|Warning/)
      }
    }
  })
})
