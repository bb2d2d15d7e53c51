import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clearReindexNeeded, markReindexNeeded } from '../../../core/archive/reindex-mark.ts'
import { grantStudy } from '../../../core/access/study-grants.ts'
import { publishRegistry, restoreRegistry } from '../../../core/identity/registry.ts'
import type { ObjectKey } from '../../../core/ports/object-store.ts'
import { revokeShare } from '../../../core/sharing/change-share.ts'
import { createShare } from '../../../core/sharing/create-share.ts'
import { getShareByToken, openShare } from '../../../core/sharing/open-share.ts'
import { reindex } from '../../../core/archive/reindex.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const KEY = 'registry/registry.json' as ObjectKey

describe('publishRegistry', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp({ workers: false })
  })
  afterAll(() => app.close())

  async function kept(): Promise<{ grants: unknown[]; users: { display_name: string }[] }> {
    const body = Buffer.from(await app.pacs.objects.read(KEY)).toString('utf8')
    return JSON.parse(body) as { grants: unknown[]; users: { display_name: string }[] }
  }
  const keptGrants = async (): Promise<unknown[]> => (await kept()).grants

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

  it('keeps the guests of links while these open, and no longer', async () => {
    await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(dicom().ct({ rows: 4, columns: 4 }).build()),
    })
    const [study] = await app.pacs.database.query<{ uid: string; organisation: string; id: string }>(
      'select study_instance_uid as uid, organisation_id as organisation, study_id as id from study limit 1',
    )
    const organisationId = study?.organisation ?? ''
    const maker = { kind: 'system', organisationId, reason: 'test' } as const
    const link = (recipientName: string, rights: ('annotate' | 'download')[] = ['download']) =>
      createShare(
        app.pacs,
        maker,
        { studyId: study?.id ?? '', organisationId, studyInstanceUid: study?.uid ?? '' },
        {
          recipientName,
          rights,
          expiresAt: new Date(Date.now() + 3_600_000),
          lock: { kind: 'none' },
          watermark: true,
        },
      )
    const guests = async (): Promise<string[]> =>
      (await kept()).users.map((user) => user.display_name).filter((name) => name.startsWith('Guest '))
    const taken = await link('Guest taken back')
    const expired = await link('Guest expired')
    const wrote = await link('Guest who may have written', ['annotate'])
    await link('Guest welcome')
    expect(await guests()).toHaveLength(4)
    await app.pacs.database.query('update share_link set expires_at = now() where share_id = $1', [
      expired.shareId,
    ])
    await revokeShare(app.pacs, maker, wrote.shareId)
    await revokeShare(app.pacs, maker, taken.shareId)
    expect((await guests()).sort()).toEqual(['Guest welcome', 'Guest who may have written'])
  })
})

describe('restoreRegistry', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp({ workers: false })
  })
  afterAll(() => app.close())

  it('takes what an earlier version kept, which did not say when anybody came', async () => {
    await app.user(['radiologist'])
    const kept = Buffer.from(await app.pacs.objects.read(KEY)).toString('utf8')
    const earlier = Buffer.from(kept.replaceAll(/,"created_at":"[^"]*"/g, ''))
    expect(earlier.length).toBeLessThan(kept.length)
    await app.pacs.objects.put(KEY, Readable.from([earlier]), { size: earlier.length })
    await app.pacs.database.query('truncate organisation, app_user, api_token cascade')
    expect(await restoreRegistry(app.pacs)).toBe(true)
    const users = await app.pacs.database.query<{ created_at: Date }>('select created_at from app_user')
    expect(users.map(({ created_at }) => created_at instanceof Date)).toEqual([true, true])
  })

  it('gives links back, which open as before, once a reindex has put their studies back', async () => {
    const stored = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(dicom().ct({ rows: 4, columns: 4 }).build()),
    })
    expect(stored.status).toBe(200)
    const [study] = await app.pacs.database.query<{ uid: string; organisation: string; id: string }>(
      'select study_instance_uid as uid, organisation_id as organisation, study_id as id from study',
    )
    const organisationId = study?.organisation ?? ''
    const { token } = await createShare(
      app.pacs,
      { kind: 'system', organisationId, reason: 'test' },
      { studyId: study?.id ?? '', organisationId, studyInstanceUid: study?.uid ?? '' },
      {
        recipientName: 'Dr. Li',
        rights: ['download'],
        expiresAt: new Date(Date.now() + 3_600_000),
        lock: { kind: 'passphrase', passphrase: 'known to two' },
        watermark: true,
      },
    )
    await app.pacs.database.query('truncate organisation, app_user, api_token, study cascade')
    expect(await restoreRegistry(app.pacs)).toBe(true)
    await expect(getShareByToken(app.pacs, token)).rejects.toMatchObject({ code: 'share-unknown' })
    await reindex(app.pacs)
    const share = await getShareByToken(app.pacs, token)
    expect(share).toMatchObject({ study_instance_uid: study?.uid, rights: ['download'] })
    const opened = await openShare(app.pacs, { token, secret: 'known to two', address: '127.0.0.1' })
    expect(opened.session.token).toHaveLength(43)
  })
})
