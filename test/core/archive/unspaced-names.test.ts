import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessScope } from '../../../core/access/access-scope.ts'
import { withinOrganisation } from '../../../core/access/organisation-wall.ts'
import { insertStudies, studyColumns } from '../../../core/archive/study-table.ts'
import { WorklistQuery } from '../../../core/contract/api.ts'
import { Tag } from '../../../core/dicom/tag.ts'
import type { DicomJson } from '../../../core/dicom/dicom-json.ts'
import { parsePersonName } from '../../../core/dicom/person-name.ts'
import { listWorklist } from '../../../core/worklist/list-worklist.ts'
import { UNSPACED_NAMES } from '../../../storage-config/database/migrations/0013-letters.ts'
import { openTestDatabase } from '../../support/test-backing.ts'

const NAMES = [
  'Li^Na=李^娜',
  'Ouyang^Xiu=欧阳 修',
  'Yamada^Tarou=山田^太郎=やまだ^たろう',
  'Satou^Hanako=佐々木^花子=ｻｻｷ^ハナコ',
  'Kim^HeeJoong=김^희중',
  '買買提^·艾山',
  'Li^Na',
  '李^Na',
  '王^小东^^先生',
  '𠮷野^家',
  '李娜',
  '^',
]
const header = (name: string): DicomJson => ({
  [Tag.PatientName]: { vr: 'PN', Value: [parsePersonName(name)] },
})

describe('names that are written without blanks', () => {
  let opened: Awaited<ReturnType<typeof openTestDatabase>>
  const organisation = randomUUID()
  const scope = accessScope({ kind: 'system', organisationId: organisation, reason: 'test' }, Date.now())
  beforeAll(async () => {
    opened = await openTestDatabase()
    await opened.database.query("insert into organisation (organisation_id, name) values ($1, 'o')", [
      organisation,
    ])
    await insertStudies(
      opened.database,
      NAMES.map((name, index) => ({
        organisationId: organisation,
        studyInstanceUid: `1.2.${index}`,
        studyId: randomUUID(),
        firstInstanceId: randomUUID(),
        header: header(name),
        firstReceivedAt: 0,
        lastReceivedAt: 0,
        modalities: [],
        seriesCount: 0,
        instanceCount: 0,
      })),
    )
  })
  afterAll(() => opened.close())

  it.each([
    ['李娜', ['Li^Na=李^娜', '李娜']],
    ['李 娜', ['Li^Na=李^娜', '李娜']],
    ['欧阳修', ['Ouyang^Xiu=欧阳 修']],
    ['山田太', ['Yamada^Tarou=山田^太郎=やまだ^たろう']],
    ['だたろ', ['Yamada^Tarou=山田^太郎=やまだ^たろう']],
    ['ササキハナコ', ['Satou^Hanako=佐々木^花子=ｻｻｷ^ハナコ']],
    ['佐々木花子', ['Satou^Hanako=佐々木^花子=ｻｻｷ^ハナコ']],
    ['김희중', ['Kim^HeeJoong=김^희중']],
    ['𠮷野家', ['𠮷野^家']],
    ['王小东', ['王^小东^^先生']],
    ['小东先生', []],
  ])('are found as the list shows them: %s', async (q, expected) => {
    const { studies } = await withinOrganisation(organisation, () =>
      listWorklist(
        { database: opened.database },
        scope,
        WorklistQuery.parse({ q, limit: 50, sort: 'received' }),
      ),
    )
    const found = studies.map(({ studyInstanceUid }) => NAMES[Number(studyInstanceUid.split('.')[2])])
    expect(found.sort()).toEqual(expected.sort())
  })

  it('are added to the studies that an archive has already', async () => {
    for (const name of NAMES) {
      const { patient_name_folded, search_text } = studyColumns(header(name))
      const [row] = await opened.database.query<{ unspaced: string }>(
        `select ${UNSPACED_NAMES} as unspaced from (values ($1::text)) as study (patient_name_folded)`,
        [patient_name_folded as string],
      )
      expect(`${String(patient_name_folded)}\n\n\n${row?.unspaced ?? ''}`, name).toBe(search_text)
    }
  })
})
