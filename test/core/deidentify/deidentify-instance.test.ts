import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DeidentifyOptions } from '../../../core/deidentify/deidentify-options.ts'
import { DeidentificationRefused } from '../../../core/deidentify/refused.ts'
import { DicomFault } from '../../../core/dicom/dicom-fault.ts'
import { items, type DicomJson, type DicomJsonElement } from '../../../core/dicom/dicom-json.ts'
import { datasetToJson } from '../../../core/dicom/parse-dataset.ts'
import { deidentifyFile, scan } from '../../support/deidentify-file.ts'
import { dicom } from '../../support/dicom-builder.ts'

const json = (file: Uint8Array): DicomJson => datasetToJson(file, { bulkDataUri: () => '' })
const options = (some: Partial<DeidentifyOptions>): DeidentifyOptions => DeidentifyOptions.parse(some)
const reasonOf = (file: Uint8Array): Promise<unknown> =>
  deidentifyFile(file, { confirmed: false }).then(
    () => undefined,
    (error: unknown) => (error instanceof DeidentificationRefused ? error.reason : error),
  )

describe('deidentifyInstance', () => {
  it('says what was done and with which options', async () => {
    const out = json(
      await deidentifyFile(dicom().ct({ rows: 4, columns: 4 }).build(), {
        options: options({ shiftDates: true, keepPatientCharacteristics: true }),
      }),
    )
    expect(out['00120062']?.Value).toEqual(['YES'])
    expect(items(out, '00120064').map((code) => code['00080100']?.Value?.[0])).toEqual([
      '113100',
      '113107',
      '113108',
    ])
    expect(out['00280303']?.Value).toEqual(['MODIFIED'])
  })

  it('gives every instance of a patient one name, one ID and one shift, and keeps references whole', async () => {
    const study = '1.2.3.4.5'
    const build = (instance: string, date: string): Buffer =>
      dicom()
        .ct({ rows: 2, columns: 2 })
        .uids({ study, instance })
        .set('StudyDate', 'DA', [date])
        .set('00081140', 'SQ', [
          {
            '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
            '00081155': { vr: 'UI', Value: ['1.2.3.1'] },
          },
        ])
        .build()
    const how = { options: options({ shiftDates: true }) }
    const [first, second] = [
      json(await deidentifyFile(build('1.2.3.1', '20240229'), how)),
      json(await deidentifyFile(build('1.2.3.2', '20240310'), how)),
    ]
    expect(first['00100020']).toEqual(second['00100020'])
    expect(first['0020000D']).toEqual(second['0020000D'])
    const day = (of: DicomJson): number => {
      const text = String(of['00080020']?.Value?.[0])
      return Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6)))
    }
    expect((day(second) - day(first)) / 86_400_000).toBe(10)
    expect(day(first)).not.toBe(Date.UTC(2024, 1, 29))
    const reference = items(second, '00081140')[0]
    expect(reference?.['00081155']).toEqual(first['00080018'])
    expect(reference?.['00081150']?.Value).toEqual(['1.2.840.10008.5.1.4.1.1.2'])
  })

  it('keeps the words of the trade in descriptions, and no others', async () => {
    const file = dicom()
      .ct({ rows: 2, columns: 2 })
      .set('SeriesDescription', 'LO', ['CT Thorax Mueller 1.5mm B60f 12 03 1961'])
      .build()
    const kept = json(await deidentifyFile(file, { options: options({ keepDescriptors: true }) }))
    expect(kept['0008103E']?.Value).toEqual(['CT Thorax 1.5mm B60f'])
    expect(json(await deidentifyFile(file))['0008103E']).toBeUndefined()
  })

  it('catches a name where no table expects it', async () => {
    const file = dicom()
      .ct({ rows: 2, columns: 2 })
      .set('PatientName', 'PN', [{ Alphabetic: 'Oppenheimer^J' }])
      .set('SoftwareVersions', 'LO', ['v2 for OPPENHEIMER'])
      .build()
    const out = await deidentifyFile(file)
    expect(out.toString('latin1').toLowerCase()).not.toContain('oppenheimer')
  })

  it('refuses pixels that may name somebody until a person has looked', async () => {
    const ct = (): ReturnType<typeof dicom> => dicom().ct({ rows: 2, columns: 2 })
    expect(await reasonOf(ct().build())).toBeUndefined()
    expect(await reasonOf(ct().set('BurnedInAnnotation', 'CS', ['YES']).build())).toBe('annotation-declared')
    expect(await reasonOf(ct().set('Modality', 'CS', ['US']).build())).toBe('ultrasound')
    expect(
      await reasonOf(ct().set('Modality', 'CS', ['US']).set('BurnedInAnnotation', 'CS', ['NO']).build()),
    ).toBeUndefined()
    expect(await reasonOf(ct().set('SOPClassUID', 'UI', ['1.2.840.10008.5.1.4.1.1.7']).build())).toBe(
      'secondary-capture',
    )
    const us = await deidentifyFile(ct().set('Modality', 'CS', ['US']).build())
    expect(json(us)['00280301']?.Value).toEqual(['NO'])
  })

  it('refuses a document inside the file, whatever a person says', async () => {
    const pdf = dicom()
      .ct({ rows: 2, columns: 2 })
      .set('SOPClassUID', 'UI', ['1.2.840.10008.5.1.4.1.1.104.1'])
      .build()
    await expect(deidentifyFile(pdf)).rejects.toMatchObject({ reason: 'encapsulated-document' })
  })

  it('blacks out exactly what was named, in every frame', async () => {
    const rows = 6
    const columns = 5
    const file = dicom().ct({ rows, columns, frames: 2 }).build()
    const out = await deidentifyFile(file, { blackout: [{ x: 1, y: 2, width: 3, height: 2 }] })
    const [before, after] = [file, out].map((each) => {
      const { frames } = scan(each)
      if (frames.kind !== 'native') throw new Error('not native')
      const bytes = each.subarray(frames.offset, frames.offset + frames.length * frames.count)
      return new Int16Array(new Uint8Array(bytes).buffer)
    })
    before?.forEach((value, index) => {
      const at = index % (rows * columns)
      const [y, x] = [Math.floor(at / columns), at % columns]
      const isBlack = x >= 1 && x < 4 && y >= 2 && y < 4
      expect(after?.[index]).toBe(isBlack ? -32768 : value)
    })
    expect(items(json(out), '00120064').map((code) => code['00080100']?.Value?.[0])).toContain('113101')
    expect(json(out)['00080008']?.Value?.[0] ?? 'DERIVED').toBe('DERIVED')
  })

  it('finds the name at any depth of sequences', async () => {
    const nested = fc.letrec<{ item: DicomJson }>((tie) => ({
      item: fc
        .record({
          name: fc.constant<DicomJsonElement>({ vr: 'PN', Value: [{ Alphabetic: 'Wolkenstein^Oswald' }] }),
          id: fc.constant<DicomJsonElement>({ vr: 'LO', Value: ['ID-7788991'] }),
          tag: fc.constantFrom('00081115', '00400275', '00089121', '00081140', '0040A730', '00091010'),
          inside: fc.option(tie('item'), { nil: undefined, depthSize: 'large' }),
        })
        .map(({ name, id, tag, inside }): DicomJson => ({
          '0040A123': name,
          '00100020': id,
          '00091001': { vr: 'LO', Value: ['Wolkenstein'] },
          ...(inside === undefined ? {} : { [tag]: { vr: 'SQ', Value: [inside] } }),
        })),
    })).item
    await fc.assert(
      fc.asyncProperty(nested, async (item) => {
        const file = dicom().ct({ rows: 2, columns: 2 }).set('00081115', 'SQ', [item]).build()
        const out = (await deidentifyFile(file)).toString('latin1')
        expect(out).not.toContain('Wolkenstein')
        expect(out).not.toContain('ID-7788991')
      }),
      { numRuns: 60 },
    )
  })

  it('answers a file that is cut anywhere with a typed error, or with what is whole', async () => {
    const file = dicom().ct({ rows: 4, columns: 4 }).build()
    for (let length = 0; length < file.length; length += 7) {
      const cut = file.subarray(0, length)
      await deidentifyFile(cut).catch((error: unknown) => expect(error).toBeInstanceOf(DicomFault))
    }
  })
})
