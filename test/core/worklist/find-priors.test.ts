import { afterAll, beforeAll, expect, it } from 'vitest'
import { accessScope } from '../../../core/access/access-scope.ts'
import type { Principal } from '../../../core/access/principal.ts'
import { storeInstance } from '../../../core/archive/store-instance.ts'
import { PriorPage } from '../../../core/contract/api.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { findPriors } from '../../../core/worklist/find-priors.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { inPieces } from '../../support/multipart.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

/** Study Instance UIDs by what they are beside the one that is read. */
const uid = {
  current: newUid(),
  chestCtOld: newUid(),
  chestCtNew: newUid(),
  chestXray: newUid(),
  headCt: newUid(),
  kneeMr: newUid(),
  otherIssuer: newUid(),
  otherPatient: newUid(),
  nameless: newUid(),
  namelessToo: newUid(),
}

let app: TestApp
let system: Principal

async function store(
  study: string,
  modality: string,
  part: string,
  date: string,
  more: { patient?: string; issuer?: string } = {},
): Promise<void> {
  const file = dicom()
    .ct({ rows: 4, columns: 4 })
    .uids({ study })
    .set('Modality', 'CS', [modality])
    .set('BodyPartExamined', 'CS', [part])
    .set('StudyDate', 'DA', [date])
    .set('PatientID', 'LO', [more.patient ?? 'P1'])
    .set('IssuerOfPatientID', 'LO', [more.issuer ?? ''])
  await storeInstance(app.pacs, system, { bytes: inPieces(file.build()), source: 'upload' })
}

beforeAll(async () => {
  app = await startTestApp()
  const [row] = await app.pacs.database.query<{ organisation_id: string }>(
    'select organisation_id from organisation',
  )
  system = { kind: 'system', organisationId: row?.organisation_id ?? '', reason: 'test' }
  await store(uid.current, 'CT', 'CHEST', '20260501')
  await store(uid.chestCtOld, 'CT', 'CHEST', '20240101')
  await store(uid.chestCtNew, 'CT', 'CHEST', '20260101')
  await store(uid.chestXray, 'CR', 'CHEST', '20260301')
  await store(uid.headCt, 'CT', 'HEAD', '20260401')
  await store(uid.kneeMr, 'MR', 'KNEE', '20260420')
  await store(uid.otherIssuer, 'CT', 'CHEST', '20260102', { issuer: 'ELSEWHERE' })
  await store(uid.otherPatient, 'CT', 'CHEST', '20260103', { patient: 'P2' })
  await store(uid.nameless, 'CT', 'CHEST', '20260104', { patient: '' })
  await store(uid.namelessToo, 'CT', 'CHEST', '20260105', { patient: '' })
  await app.drain()
})
afterAll(() => app.close())

async function idOf(study: string): Promise<string> {
  const [row] = await app.pacs.database.query<{ study_id: string }>(
    'select study_id from study where study_instance_uid = $1',
    [study],
  )
  return row?.study_id ?? ''
}

const priorsFor = async (principal: Principal, study: string): Promise<string[]> =>
  (await findPriors(app.pacs, accessScope(principal, Date.now()), await idOf(study))).map(
    (prior) => prior.studyInstanceUid,
  )

it('finds other studies of the patient, best to compare with first', async () => {
  const priors = await findPriors(app.pacs, accessScope(system, Date.now()), await idOf(uid.current))
  expect(priors.map((prior) => prior.studyInstanceUid)).toEqual([
    uid.chestCtNew,
    uid.chestCtOld,
    uid.chestXray,
    uid.headCt,
    uid.kneeMr,
  ])
  expect(priors.map((prior) => [prior.sameBodyPart, prior.sameModality])).toEqual([
    [true, true],
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])
})

it('compares an older study with what was before it first, then with what came after', async () => {
  expect(await priorsFor(system, uid.chestCtNew)).toEqual([
    uid.chestCtOld,
    uid.current,
    uid.chestXray,
    uid.headCt,
    uid.kneeMr,
  ])
})

it('takes nobody for the same patient because both have no ID, or an ID from elsewhere', async () => {
  expect(await priorsFor(system, uid.nameless)).toEqual([])
  expect(await priorsFor(system, uid.otherIssuer)).toEqual([])
})

it('never tells a reviewer of a prior that was not granted', async () => {
  const { token, userId } = await app.user(['reviewer'])
  const grant = async (study: string) =>
    app.pacs.database.query('insert into study_grant (study_id, user_id) values ($1, $2)', [
      await idOf(study),
      userId,
    ])
  await grant(uid.current)
  const ask = async () => {
    const answer = await app.fetch(`/api/studies/${uid.current}/priors`, { token })
    return PriorPage.parse(await answer.json()).priors.map((prior) => prior.studyInstanceUid)
  }
  expect(await ask()).toEqual([])
  await grant(uid.headCt)
  expect(await ask()).toEqual([uid.headCt])
  expect((await app.fetch(`/api/studies/${uid.kneeMr}/priors`, { token })).status).toBe(404)
})
