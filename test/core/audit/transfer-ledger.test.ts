import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asArchive } from '../../../core/access/organisation-wall.ts'
import { openTransferLedger, type TransferLedger } from '../../../core/audit/transfer-ledger.ts'
import type { Principal } from '../../../core/access/principal.ts'
import { unavailable } from '../../../core/errors.ts'
import { newUid } from '../../../core/dicom/uid.ts'
import { silentLog } from '../../support/silent-log.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const STUDY = { studyId: '00000000-0000-4000-8000-000000000001', studyInstanceUid: newUid() }
const OTHER = { studyId: '00000000-0000-4000-8000-000000000002', studyInstanceUid: newUid() }

let app: TestApp
let person: Principal
let isDown = false
let ledger: TransferLedger

beforeAll(async () => {
  app = await startTestApp({ workers: false })
  const [user] = await app.pacs.database.query<{ user_id: string; organisation_id: string }>(
    'select user_id, organisation_id from app_user limit 1',
  )
  if (user === undefined) throw new Error('nobody is there')
  person = {
    kind: 'user',
    userId: user.user_id,
    organisationId: user.organisation_id,
    roles: ['administrator'],
    address: '192.0.2.7',
  }
  const { database } = app.pacs
  ledger = openTransferLedger({
    log: silentLog,
    database: {
      ...database,
      query: (...asked: Parameters<typeof database.query>) =>
        isDown
          ? Promise.reject(unavailable('database-unavailable', 'It is down.'))
          : database.query(...asked),
    } as typeof database,
  })
})
afterAll(async () => {
  await ledger.close()
  await app.close()
})

const sent = (who: Principal, study: typeof STUDY): Promise<void> => asArchive(() => ledger.sent(who, study))

/** How many instances each event says, in the order of the record. */
async function recorded(study: typeof STUDY): Promise<number[]> {
  const rows = await app.pacs.database.query<{ instances: number }>(
    `select (detail ->> 'instances')::integer as instances from audit_event
     where event = 'instances-transferred' and study_instance_uid = $1 order by audit_event_id`,
    [study.studyInstanceUid],
  )
  return rows.map(({ instances }) => instances)
}

describe('openTransferLedger', () => {
  it('records the first instance before it is sent, and those that follow together', async () => {
    await Promise.all(Array.from({ length: 5 }, () => sent(person, STUDY)))
    expect(await recorded(STUDY)).toEqual([1])
    for (let more = 0; more < 7; more++) await sent(person, STUDY)
    await sent({ ...person, address: '192.0.2.8' } as Principal, STUDY)
    expect(await recorded(STUDY)).toEqual([1, 1])
    await ledger.flush()
    expect(await recorded(STUDY)).toEqual([1, 1, 11])
    await ledger.flush()
    await sent(person, STUDY)
    expect(await recorded(STUDY)).toEqual([1, 1, 11, 1])
  })

  it('sends nothing that it cannot record, and keeps a count that it could not', async () => {
    isDown = true
    await expect(sent(person, OTHER)).rejects.toMatchObject({ kind: 'unavailable' })
    isDown = false
    await sent(person, OTHER)
    await sent(person, OTHER)
    isDown = true
    await ledger.flush()
    isDown = false
    expect(await recorded(OTHER)).toEqual([1])
    await sent(person, OTHER)
    await ledger.flush()
    expect(await recorded(OTHER)).toEqual([1, 2])
  })
})
