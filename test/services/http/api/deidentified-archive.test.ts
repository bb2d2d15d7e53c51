import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstPersonName, firstString, strings } from '../../../../core/dicom/dicom-json.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { datasetToJson } from '../../../../core/dicom/parse-dataset.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { readDicomdir, type ReadRecord } from '../../../support/dicomdir.ts'
import { allOf, describeWith } from '../../../support/require.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

const run = promisify(execFile)
const STUDY = newUid()
const SERIES = { ct: newUid(), us: newUid(), pdf: newUid() }
const LARGE = 1600
let app: TestApp

const of = (series: string, modality: string, number: number) =>
  dicom()
    .uids({ study: STUDY, series, instance: newUid() })
    .set('StudyID', 'SH', ['S7'])
    .set('SeriesNumber', 'IS', [Object.values(SERIES).indexOf(series) + 1])
    .set('Modality', 'CS', [modality])
    .set('InstanceNumber', 'IS', [number])
const FILES = [
  of(SERIES.ct, 'CT', 1).ct({ rows: 8, columns: 8 }).build(),
  // Larger than what is kept in memory: it is made twice.
  of(SERIES.ct, 'CT', 2).ct({ rows: LARGE, columns: LARGE }).build(),
  of(SERIES.us, 'US', 1).ct({ rows: 16, columns: 24 }).set('Modality', 'CS', ['US']).build(),
  of(SERIES.us, 'US', 2).ct({ rows: 24, columns: 16 }).set('Modality', 'CS', ['US']).build(),
  of(SERIES.pdf, 'DOC', 1)
    .set('SOPClassUID', 'UI', ['1.2.840.10008.5.1.4.1.1.104.1'])
    .set('EncapsulatedDocument', 'OB', [])
    .build(),
]

beforeAll(async () => {
  app = await startTestApp()
  for (const file of FILES) {
    const stored = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(file),
    })
    expect(stored.status).toBe(200)
  }
  await app.drain()
})
afterAll(() => app.close())

const ask = (deidentify: object = {}, more: object = {}, token = app.token): Promise<Response> =>
  app.fetch(`/api/studies/${STUDY}/archive`, {
    method: 'POST',
    token,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ deidentify, ...more }),
  })

async function exported(deidentify: object = {}, more: object = {}) {
  const answer = await ask(deidentify, more)
  expect(answer.status).toBe(200)
  const zip = Buffer.from(await answer.arrayBuffer())
  const files = Object.fromEntries(
    Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, Buffer.from(bytes)]),
  )
  const instances = Object.entries(files)
    .filter(([name]) => name.startsWith('DICOM/'))
    .map(([, bytes]) => bytes)
  return { answer, zip, files, instances, note: files['DEIDENTIFIED.TXT']?.toString('utf8') ?? '' }
}

const headerOf = (file: Buffer) => datasetToJson(file, { bulkDataUri: () => '' })
/** Pixels are the last element of what the builder makes. */
const pixelsOf = (file: Buffer, rows: number, columns: number): Buffer => file.subarray(-rows * columns * 2)

describe('POST /api/studies/{study}/archive', () => {
  it('answers what can leave, without names, with the pixels as they were', async () => {
    const { instances, zip } = await exported()
    expect(instances).toHaveLength(2)
    const [small, large] = instances
    const sent = pixelsOf(Buffer.from(FILES[1] ?? []), LARGE, LARGE)
    expect(pixelsOf(large ?? Buffer.alloc(0), LARGE, LARGE).equals(sent)).toBe(true)
    const header = headerOf(small ?? Buffer.alloc(0))
    expect(firstPersonName(header, '00100010')?.Alphabetic).toMatch(/^ANON-[0-9A-F]{12}$/)
    expect(firstString(header, '00120062')).toBe('YES')
    for (const mark of ['Zhang', '张', STUDY, SERIES.ct]) expect(zip.includes(mark), mark).toBe(false)
  })

  it('says what it left out and why, in a text and in the comment of the ZIP', async () => {
    const { note, zip } = await exported({ shiftDates: true })
    expect(zip.toString('latin1').endsWith('Without names. Instances: 2. Left out: 3.')).toBe(true)
    for (const line of [
      '- 2 instances: US, ultrasound, in which a name may be burnt',
      '- 1 instance: DOC, a document inside the file, which nothing here can clean',
      '- 2 个实例: US, 超声，可能烧录有姓名',
      'Dates: all moved by the same number of days.',
    ])
      expect(note).toContain(line)
    // With its UIDs it can be put together with whatever has them.
    expect(note).toContain('were drawn for this export alone')
    expect((await exported({ keepUids: true })).note).not.toContain('were drawn for this export alone')
    const confirmed = await exported({ pixels: 'confirmed' })
    expect(confirmed.instances).toHaveLength(4)
    expect(confirmed.note).not.toContain('ultrasound')
  })

  it('draws its pseudonyms anew, for each export and for the name of the file', async () => {
    const [one, two] = [await exported(), await exported()]
    const named = [one, two].map(({ answer, instances }) => {
      const header = headerOf(instances[0] ?? Buffer.alloc(0))
      const id = firstString(header, '00100020') ?? ''
      expect(answer.headers.get('Content-Disposition')).toBe(`attachment; filename="${id}.zip"`)
      return [id, firstString(header, '0020000D'), firstString(header, '00080018')]
    })
    expect(new Set(named.flat()).size).toBe(6)
  })

  it('takes a part: series or instances', async () => {
    const some = await exported({}, { selection: { series: [], instances: [instanceUid(0)] } })
    expect(some.instances).toHaveLength(1)
    expect(some.note).toContain('Nothing was left out.')
  })

  it('blacks regions out in images of one size, or in one image alone', async () => {
    const rectangles = [{ x: 2, y: 1, width: 5, height: 3 }]
    const region = { seriesInstanceUid: SERIES.us, rectangles }
    const bySize = await exported({ blackout: [{ ...region, size: { rows: 16, columns: 24 } }] })
    expect(bySize.instances).toHaveLength(3)
    const original = pixelsOf(Buffer.from(FILES[2] ?? []), 16, 24)
    const black = pixelsOf(bySize.instances[2] ?? Buffer.alloc(0), 16, 24)
    for (let at = 0; at < 16 * 24; at++) {
      const [x, y] = [at % 24, Math.floor(at / 24)]
      const isInside = x >= 2 && x < 7 && y >= 1 && y < 4
      const value = original.readInt16LE(at * 2)
      expect(black.readInt16LE(at * 2), `${x},${y}`).toBe(isInside ? blackOf(bySize.instances[2]) : value)
    }
    const one = await exported({ blackout: [{ ...region, instances: [instanceUid(3)] }] })
    expect(one.instances.map((file) => firstString(headerOf(file), '00280010'))).toEqual([
      '8',
      `${LARGE}`,
      '24',
    ])
    expect(one.note).toContain('Regions of images were blacked out.')
  })

  it('is refused before its first byte when nothing can leave', async () => {
    const answer = await ask({}, { selection: { series: [SERIES.us], instances: [] } })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      409,
      'nothing-without-names',
    ])
  })

  it('is one export in the record, which says that it was de-identified', async () => {
    await exported({ pixels: 'confirmed' })
    const events = await app.pacs.database.query<{ detail: object; uid: string }>(
      `select detail, study_instance_uid as uid from audit_event where event = 'export'
       order by audit_event_id desc limit 1`,
    )
    expect(events).toEqual([
      {
        uid: STUDY,
        detail: {
          what: 'study',
          format: 'zip',
          instances: FILES.length,
          deidentified: true,
          partial: false,
          pixels: 'confirmed',
        },
      },
    ])
  })

  it('stops when the client goes away', async () => {
    const leaving = new AbortController()
    const { objects } = app.pacs
    const stream = objects.stream.bind(objects)
    let stopped = false
    objects.stream = async (key, range, signal) => {
      signal?.addEventListener('abort', () => (stopped = true))
      const real = await stream(key, range, signal)
      return (async function* () {
        yield* real
        // The large image never comes to its end: only the client's leaving ends it.
        if ((range?.length ?? 0) < 1 << 20) return
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
        throw new Error('The reading went on.')
      })()
    }
    try {
      const answer = await app.fetch(`/api/studies/${STUDY}/archive`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ deidentify: {} }),
        signal: leaving.signal,
      })
      await answer.body?.getReader().read()
      leaving.abort()
      await expect.poll(() => stopped).toBe(true)
    } finally {
      objects.stream = stream
    }
  })
})

const instanceUid = (index: number): string =>
  firstString(headerOf(Buffer.from(FILES[index] ?? [])), '00080018') ?? ''
/** The lowest stored value. */
function blackOf(file = Buffer.alloc(0)): number {
  const header = headerOf(file)
  const bits = Number(header['00280101']?.Value?.[0])
  return header['00280103']?.Value?.[0] === 1 ? -(2 ** (bits - 1)) : 0
}

const program = (name: string, remedy: string) => ({
  name,
  remedy: `apt-get install ${remedy}`,
  found: existsSync(`/usr/bin/${name}`),
})

describe('its DICOMDIR', () => {
  it('leads to every instance that is there, by the UIDs they have now', async () => {
    const { files } = await exported({ pixels: 'confirmed' })
    const { root } = readDicomdir(files['DICOMDIR'] ?? Buffer.alloc(0))
    const below = (records: readonly ReadRecord[]): ReadRecord[] =>
      records.flatMap((record) => [record, ...below(record.lower)])
    const images = below(root).filter(({ record }) => firstString(record, '00041430') === 'IMAGE')
    expect(images).toHaveLength(4)
    for (const { record } of images) {
      const file = files[strings(record, '00041500').join('/')] ?? Buffer.alloc(0)
      expect(firstString(headerOf(file), '00080018')).toBe(firstString(record, '00041511'))
    }
    expect(firstString(root[0]?.record ?? {}, '00100020')).toMatch(/^ANON-/)
  })

  describeWith(
    allOf(program('unzip', 'unzip'), program('dciodvfy', 'dicom3tools'), program('dcdirdmp', 'dicom3tools')),
    'read by others',
    () => {
      it('is without fault', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'yunying-without-names-'))
        try {
          const { zip } = await exported({ pixels: 'confirmed', keepDescriptors: true })
          await writeFile(join(folder, 'all.zip'), zip)
          await run('/usr/bin/unzip', ['-q', join(folder, 'all.zip'), '-d', folder])
          const path = join(folder, 'DICOMDIR')
          const verified = await run('/usr/bin/dciodvfy', [path]).catch((error: { stderr: string }) => error)
          expect(verified.stderr.split('\n').filter((line) => line.startsWith('Error'))).toEqual([])
          const walked = await run('/usr/bin/dcdirdmp', [path])
          expect(walked.stderr + walked.stdout).toMatch(/PATIENT[\s\S]*STUDY[\s\S]*SERIES/)
        } finally {
          await rm(folder, { recursive: true, force: true })
        }
      })
    },
  )
})
