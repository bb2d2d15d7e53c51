import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { firstString, strings } from '../../core/dicom/dicom-json.ts'
import { readDicomdir, type ReadRecord } from '../support/dicomdir.ts'
import { storeReferenceScans, type ReferenceArchive } from '../support/reference-archive.ts'
import { allOf, describeWith } from '../support/require.ts'
import { manifest, SHARED_DICOM } from '../support/shared-dicom.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

const run = promisify(execFile)
const PROGRAMS = {
  name: 'unzip and dciodvfy',
  remedy: 'apt-get install unzip dicom3tools',
  found: ['unzip', 'dciodvfy'].every((name) => existsSync(`/usr/bin/${name}`)),
}

/** What the directory says rightly of files that say it so, and what this program does not know. */
const OF_THE_FILES = [
  / Empty attribute \(no value\) Type 1 Required Element=<(StudyDate|StudyTime|RTPlanLabel)>/,
  / Illegal root for UID /,
  /\) UI (Study Instance UID|Referenced SOP Instance UID in File) /,
  / Dicom dataset contains invalid data values /,
  // A Chinese character with the byte of a backslash in it is no second value.
  / Value Multiplicity .*Element=<PatientName>/,
  // Younger than the program.
  /<ANNOTATION>/,
]
const isOfTheFiles = (line: string): boolean => OF_THE_FILES.some((pattern) => pattern.test(line))

const TYPES = [
  'ANNOTATION',
  'ENCAP DOC',
  'IMAGE',
  'KEY OBJECT DOC',
  'PRESENTATION',
  'PRIVATE',
  'RT DOSE',
  'RT PLAN',
  'RT STRUCTURE SET',
  'SR DOCUMENT',
  'VALUE MAP',
]

/** The long series are of one kind each, and make no other records. */
const rows = manifest().filter(({ path }) => !path.startsWith('series/'))

const leaves = (records: readonly ReadRecord[]): ReadRecord[] =>
  records.flatMap((record) => (record.lower.length > 0 ? leaves(record.lower) : [record]))

describeWith(allOf(SHARED_DICOM, PROGRAMS), 'reference scans, taken away as studies', () => {
  let app: TestApp
  let archive: ReferenceArchive
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yunying-downloads-'))
    app = await startTestApp({ workers: false })
    archive = await storeReferenceScans(app, rows, () => false)
  }, 300_000)
  afterAll(async () => {
    await app?.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('are in ZIPs without fault, as each is retrieved alone, with a record that leads to it', async () => {
    const byStudy = new Map<string, string[]>()
    for (const { path } of archive.stored) {
      const study = path.split('/')[3] ?? ''
      byStudy.set(study, [...(byStudy.get(study) ?? []), path])
    }
    expect(byStudy.size).toBeGreaterThan(100)
    const faults: string[] = []
    const types = new Map<string, number>()
    for (const [study, paths] of byStudy) {
      const answer = await app.fetch(`/api/studies/${study}/archive`)
      const zip = new Uint8Array(await answer.arrayBuffer())
      if (answer.status !== 200) {
        faults.push(`${study}: ${answer.status} ${Buffer.from(zip).toString()}`)
        continue
      }
      const path = join(folder, 'study.zip')
      await writeFile(path, zip)
      await run('/usr/bin/unzip', ['-tq', path]).catch((error: Error) =>
        faults.push(`${study}: ${error.message}`),
      )
      const { DICOMDIR = new Uint8Array(), ...files } = unzipSync(zip)
      const records = leaves(readDicomdir(DICOMDIR).root)
      expect(records.length).toBe(Object.keys(files).length)
      const found = new Map(
        records.map(({ record }) => [firstString(record, '00041511'), strings(record, '00041500').join('/')]),
      )
      for (const one of paths) {
        const alone = await app.fetch(one, { headers: { Accept: 'application/dicom; transfer-syntax=*' } })
        const file = files[found.get(one.split('/').at(-1)) ?? '']
        if (!Buffer.from(file ?? []).equals(Buffer.from(await alone.arrayBuffer())))
          faults.push(`${one}: other bytes (${alone.status})`)
      }
      for (const { record } of records) {
        const type = firstString(record, '00041430') ?? ''
        types.set(type, (types.get(type) ?? 0) + 1)
      }
      const directory = join(folder, 'DICOMDIR')
      await writeFile(directory, DICOMDIR)
      const { stderr } = await run('/usr/bin/dciodvfy', [directory]).catch(
        (error: { stderr: string }) => error,
      )
      const errors = stderr.split('\n').filter((line) => line.startsWith('Error'))
      faults.push(...errors.filter((line) => !isOfTheFiles(line)).map((line) => `${study}: ${line}`))
    }
    expect(faults).toEqual([])
    expect([...types.keys()].sort()).toEqual(TYPES)
  }, 300_000)
})
