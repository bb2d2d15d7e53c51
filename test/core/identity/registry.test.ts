import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clearReindexNeeded, markReindexNeeded } from '../../../core/archive/reindex-mark.ts'
import { grantStudy } from '../../../core/access/study-grants.ts'
import { publishRegistry } from '../../../core/identity/registry.ts'
import type { ObjectKey } from '../../../core/ports/object-store.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const KEY = 'registry/registry.json' as ObjectKey

describe('publishRegistry', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp({ workers: false })
  })
  afterAll(() => app.close())

  async function keptGrants(): Promise<unknown[]> {
    const body = Buffer.from(await app.pacs.objects.read(KEY)).toString('utf8')
    return (JSON.parse(body) as { grants: unknown[] }).grants
  }

  it('keeps the grants of studies that a reindex has still to put back', async () => {
    const file = dicom().ct({ rows: 4, columns: 4 }).build()
    await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(file),
    })
    const [study] = await app.pacs.database.query<{
      study_id: string
      organisation_id: string
      study_instance_uid: string
    }>('select study_id, organisation_id, study_instance_uid from study')
    const { userId } = await app.user(['reviewer'])
    await grantStudy(
      app.pacs,
      { kind: 'system', organisationId: study?.organisation_id ?? '', reason: 'test' },
      {
        studyId: study?.study_id ?? '',
        organisationId: study?.organisation_id ?? '',
        studyInstanceUid: study?.study_instance_uid ?? '',
      },
      { userId },
    )
    expect(await keptGrants()).toHaveLength(1)

    // As after a database was lost: the studies are gone, and a start publishes what there is.
    await app.pacs.database.query('delete from study')
    await markReindexNeeded(app.pacs.objects)
    await publishRegistry(app.pacs)
    expect(await keptGrants()).toHaveLength(1)

    // And when nothing is missing any more, a grant that is gone is gone.
    await clearReindexNeeded(app.pacs.objects)
    await publishRegistry(app.pacs)
    expect(await keptGrants()).toHaveLength(0)
  })
})
