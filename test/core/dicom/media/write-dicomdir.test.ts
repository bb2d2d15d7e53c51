import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstPersonName, firstString } from '../../../../core/dicom/dicom-json.ts'
import type { DirectoryRecord } from '../../../../core/dicom/media/directory-record.ts'
import { writeDicomdir } from '../../../../core/dicom/media/write-dicomdir.ts'
import { readDicomdir, type ReadRecord } from '../../../support/dicomdir.ts'

const record = (name: string, ...lower: DirectoryRecord[]): DirectoryRecord => ({
  type: 'PATIENT',
  keys: { '00100010': { vr: 'PN', Value: [{ Alphabetic: name }] } },
  lower,
})
const written = (characterSet: string | undefined, ...records: DirectoryRecord[]) =>
  readDicomdir(writeDicomdir({ fileSetUid: '2.25.1', characterSet, records }))
const names = (entity: readonly ReadRecord[]): unknown[] =>
  entity.map((each) => [firstPersonName(each.record, '00100010')?.Alphabetic, names(each.lower)])
const saidSet = ({ root: [first] }: ReturnType<typeof readDicomdir>): string | undefined =>
  firstString(first?.record ?? {}, '00080005')

describe('writeDicomdir', () => {
  it('links records to the next and to those below, whatever the tree', () => {
    const { tree } = fc.letrec<{ tree: DirectoryRecord }>((tie) => {
      const name = fc.stringMatching(/^[A-Z张]{1,9}$/)
      const node = fc
        .tuple(name, fc.array(tie('tree'), { maxLength: 3 }))
        .map(([named, lower]) => record(named, ...lower))
      return {
        tree: fc.oneof(
          { maxDepth: 4 },
          name.map((named) => record(named)),
          node,
        ),
      }
    })
    const shape = (records: readonly DirectoryRecord[]): unknown[] =>
      records.map(({ keys, lower }) => [
        (keys['00100010']?.Value?.[0] as { Alphabetic: string }).Alphabetic,
        shape(lower),
      ])
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 3 }), (records) => {
        expect(names(written('GB18030', ...records).root)).toEqual(shape(records))
      }),
      { numRuns: 20 },
    )
  })

  it('is the file-set’s: its UID, no ID, consistent', () => {
    const file = writeDicomdir({ fileSetUid: '2.25.77', characterSet: undefined, records: [record('A')] })
    expect(Buffer.from(file).toString('latin1', 0, 400)).toContain('2.25.77')
    expect(readDicomdir(file).head).toMatchObject({
      '00041130': { vr: 'CS' },
      '00041212': { vr: 'US', Value: [0] },
    })
  })

  it('names a character set where there is text beyond ASCII: the files’ own, else UTF-8', () => {
    expect(saidSet(written('GB18030', record('Zhang')))).toBeUndefined()
    expect(saidSet(written('GB18030', record('张')))).toBe('GB18030')
    expect(saidSet(written('GBK', record('张')))).toBe('GB18030')
    expect(saidSet(written('ISO_IR 100', record('Müller')))).toBe('ISO_IR 100')
    expect(saidSet(written('ISO_IR 100', record('张')))).toBe('ISO_IR 192')
    expect(saidSet(written('ISO_IR 144', record('Люкceмбypг')))).toBe('ISO_IR 192')
    expect(saidSet(written(undefined, record('张')))).toBe('ISO_IR 192')
  })

  it('keeps a rare character that our GB18030 does not write, in UTF-8', () => {
    const read = written('GB18030', record('𠮷'))
    expect(saidSet(read)).toBe('ISO_IR 192')
    expect(names(read.root)).toEqual([['𠮷', []]])
  })
})
