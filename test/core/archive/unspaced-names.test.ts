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
import {
  JOINED_NAMES,
  sql as joinNames,
} from '../../../storage-config/database/migrations/0014-joined-names.ts'
import { openTestDatabase } from '../../support/test-backing.ts'

const NAMES = [
  'Li^Na=李^娜',
  'Ouyang^Xiu=欧阳 修',
  'Yamada^Tarou=山田^太郎=やまだ^たろう',
  'Satou^Hanako=佐々木^花子=ｻｻｷ^ハナコ',
  'Kim^HeeJoong=김^희중',
  'Zhang^Wei^^Dr=张^伟',
  'van Dyck^Anna Zoé',
  "O'Connor^James",
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

describe('names that are written or typed without blanks', () => {
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
    // As Pinyin is typed.
    ['lina', ['Li^Na=李^娜', 'Li^Na']],
    ['zhangwei', ['Zhang^Wei^^Dr=张^伟']],
    ['ZHANG WEI', ['Zhang^Wei^^Dr=张^伟']],
    ['zhangweidr', []],
    ['dyckannazoe', ['van Dyck^Anna Zoé']],
    ["o'connorjames", []],
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
      const [row] = await opened.database.query<{ unspaced: string; joined: string }>(
        `select ${UNSPACED_NAMES} as unspaced, ${JOINED_NAMES} as joined from (values ($1::text)) as study (patient_name_folded)`,
        [patient_name_folded as string],
      )
      const migrated = `${String(patient_name_folded)}\n\n\n${row?.unspaced ?? ''}${row?.joined ?? ''}`
      // One migration came after the other.
      expect(migrated.split('\n').sort(), name).toEqual(String(search_text).split('\n').sort())
    }
  })

  it('are found in an archive that was there before', async () => {
    const { superuser } = opened
    await superuser.query('update study set search_text = patient_name_folded')
    await superuser.transaction((tx) => tx.query(joinNames))
    const rows = await superuser.query<{ search_text: string }>(
      `select search_text from study where search_text ~ E'\n' order by search_text`,
    )
    expect(rows.map((row) => row.search_text)).toEqual([
      '|kim^heejoong|김^희중|\nkimheejoong',
      '|li^na|\nlina',
      '|li^na|李^娜|\nlina',
      '|ouyang^xiu|欧阳 修|\nouyangxiu',
      '|satou^hanako|佐々木^花子|ササキ^ハナコ|\nsatouhanako',
      '|van dyck^anna zoe|\nvandyckannazoe',
      '|yamada^tarou|山田^太郎|やまだ^たろう|\nyamadatarou',
      '|zhang^wei^^dr|张^伟|\nzhangwei',
    ])
    // What else a change of a study does is done again.
    const [counted] = await superuser.query<{ enabled: string }>(
      `select tgenabled::text as enabled from pg_trigger where tgname = 'study_changed'`,
    )
    expect(counted?.enabled).toBe('O')
  })
})
