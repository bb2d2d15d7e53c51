import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { firstNumber, numbers, type DicomJson } from '../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import { suvOf } from '../../../core/measurements/suv.ts'
import { zhangWei } from '../../../core/samples/sample-patients.ts'
import { petPlan } from '../../../core/samples/thorax/pet-ct.ts'
import { petSlices } from '../../../core/samples/thorax/pet-thorax.ts'
import { describeWith } from '../../support/require.ts'

const run = promisify(execFile)
const DCIODVFY = '/usr/bin/dciodvfy'
/** Where the CT has the nodule, mm. */
const NODULE = [-72, -8, 62] as const
const LIVER = [-70, -10, -95] as const

const PLAN = petPlan(
  {
    key: 'a PET',
    patient: zhangWei,
    date: '20260918',
    time: '103000',
    accessionNumber: 'A1',
    studyId: '1',
    description: 'PET/CT',
  },
  11,
)

interface Slice {
  readonly file: Buffer
  readonly json: DicomJson
}

describe('petSlices', () => {
  const slices: Slice[] = []
  beforeAll(async () => {
    for await (const { chunks } of petSlices(PLAN)) {
      const file = Buffer.concat(chunks)
      slices.push({ file, json: datasetToJson(file, { bulkDataUri: () => '' }) })
    }
  }, 120_000)

  /** Uptake by body weight, from the file alone: the largest within a reach of a place, mm. */
  function largestNear(place: readonly [number, number, number], reach: number): number {
    let largest = 0
    for (const { file, json } of slices) {
      const suv = suvOf(json)
      if (suv?.kind !== 'known') throw new Error('no uptake')
      const [left = 0, top = 0, z = 0] = numbers(json, Tag.ImagePositionPatient)
      const [pitch = 1] = numbers(json, Tag.PixelSpacing)
      const [rows, columns] = [firstNumber(json, Tag.Rows) ?? 0, firstNumber(json, Tag.Columns) ?? 0]
      const start = file.length - rows * columns * 2
      for (let at = 0; at < rows * columns; at++) {
        const [x, y] = [left + (at % columns) * pitch, top + Math.floor(at / columns) * pitch]
        if (Math.hypot(x - place[0], y - place[1], z - place[2]) > reach) continue
        const value = file.readInt16LE(start + 2 * at) * (firstNumber(json, Tag.RescaleSlope) ?? 0)
        largest = Math.max(largest, value * suv.scale)
      }
    }
    return largest
  }

  it('has its largest uptake, about 8, where the CT has the nodule', () => {
    expect(slices).toHaveLength(PLAN.slices)
    const nodule = largestNear(NODULE, 6)
    expect(nodule).toBeGreaterThan(7.5)
    expect(nodule).toBeLessThan(8.5)
    expect(largestNear([0, 0, 0], 1000)).toBe(nodule)
  })

  it('has a liver as livers are', () => {
    const liver = largestNear(LIVER, 12)
    expect(liver).toBeGreaterThan(2)
    expect(liver).toBeLessThan(3.2)
  })

  it('gives each slice a slope of its own', () => {
    expect(new Set(slices.map(({ json }) => firstNumber(json, Tag.RescaleSlope))).size).toBe(PLAN.slices)
  })

  const validator = {
    name: 'an IOD validator',
    remedy: 'apt-get install dicom3tools',
    found: existsSync(DCIODVFY),
  }
  describeWith(validator, 'a slice', () => {
    it('has no fault that an IOD validator finds', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'yunying-pet-'))
      const file = join(folder, 'slice.dcm')
      await writeFile(file, slices[40]?.file ?? '')
      const { stderr } = await run(DCIODVFY, [file])
      await rm(folder, { recursive: true, force: true })
      expect(stderr).not.toMatch(/Error|Warning/)
    })
  })
})
