import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CreatedShare, ShareView } from '../../../core/contract/sharing.ts'
import { prepareVault } from '../../../core/sharing/prepare-vault.ts'
import { removeClosedVaults } from '../../../core/sharing/remove-vaults.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

const STUDY = '1.2.826.0.1.3680043.10.1'
const SERIES = [`${STUDY}.1`, `${STUDY}.2`]
let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
  for (const series of SERIES)
    for (const number of [1, 2]) {
      const instance = dicom()
        .ct({ rows: 4, columns: 4 })
        .uids({ study: STUDY, series, instance: `${series}.${number}` })
        .set('Modality', 'CS', [series === SERIES[0] ? 'CT' : 'US'])
        .build()
      const stored = await app.fetch('/dicom-web/studies', {
        method: 'POST',
        headers: { 'Content-Type': 'application/dicom' },
        body: new Uint8Array(instance),
      })
      expect(stored.status).toBe(200)
    }
  await app.drain()
})
afterAll(() => app.close())

async function share(wanted: object): Promise<string> {
  const answer = await app.fetch(`/api/studies/${STUDY}/shares`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      recipientName: 'Reader',
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      ...wanted,
    }),
  })
  expect(answer.status).toBe(201)
  await app.drain()
  return ((await answer.json()) as CreatedShare).share.shareId
}

async function view(shareId: string): Promise<ShareView | undefined> {
  const page = (await (await app.fetch('/api/shares')).json()) as { shares: ShareView[] }
  return page.shares.find((each) => each.shareId === shareId)
}

async function vaultOf(shareId: string): Promise<{ id: string | null; uids: string[] }> {
  const [row] = await app.pacs.database.query<{ id: string | null }>(
    'select vault_id as id from share_link where share_id = $1',
    [shareId],
  )
  const rows = await app.pacs.database.query<{ uid: string }>(
    'select sop_instance_uid as uid from instance where organisation_id = $1 order by 1',
    [row?.id ?? null],
  )
  return { id: row?.id ?? null, uids: rows.map(({ uid }) => uid) }
}

describe('prepareVault', () => {
  it('copies the chosen series as they are', async () => {
    const shareId = await share({ selection: { series: [SERIES[0]], instances: [] } })
    expect(await view(shareId)).toMatchObject({
      state: 'open',
      instancesDone: 2,
      instancesTotal: 2,
      refused: [],
    })
    expect((await vaultOf(shareId)).uids).toEqual([`${SERIES[0] ?? ''}.1`, `${SERIES[0] ?? ''}.2`])
  })

  it('leaves out and names what may show a name, until a person has looked', async () => {
    const shareId = await share({ deidentify: {} })
    const shared = await view(shareId)
    expect(shared).toMatchObject({ state: 'open', instancesDone: 2, instancesTotal: 4 })
    expect(shared?.refused.map(({ code }) => code)).toEqual(['ultrasound', 'ultrasound'])
    const risks = (await (await app.fetch(`/api/studies/${STUDY}/pixel-risks`)).json()) as {
      series: object[]
    }
    expect(risks.series).toMatchObject([{ seriesInstanceUid: SERIES[1], reason: 'ultrasound', instances: 2 }])
    expect(await view(await share({ deidentify: { pixels: 'confirmed' } }))).toMatchObject({
      instancesDone: 4,
      refused: [],
    })
    const blackout = [{ seriesInstanceUid: SERIES[1], rectangles: [{ x: 0, y: 0, width: 4, height: 1 }] }]
    expect(await view(await share({ deidentify: { blackout } }))).toMatchObject({
      instancesDone: 4,
      refused: [],
    })
  })

  it('makes the same copy when it begins again, and none twice', async () => {
    const shareId = await share({ deidentify: {} })
    const before = await vaultOf(shareId)
    await app.pacs.database.query('update share_link set ready_at = null where share_id = $1', [shareId])
    await app.pacs.database.query('delete from instance where sop_instance_uid = $1', [before.uids[0] ?? ''])
    await prepareVault(app.pacs, shareId, new AbortController().signal)
    expect(await vaultOf(shareId)).toEqual(before)
    expect((await view(shareId))?.state).toBe('open')
  })

  it('takes back a link that could show nothing', async () => {
    const shareId = await share({
      deidentify: {},
      selection: { series: [SERIES[1]], instances: [] },
    })
    expect(await view(shareId)).toMatchObject({ state: 'failed', instancesDone: 0 })
  })
})

describe('removeClosedVaults', () => {
  it('removes rows and objects of a copy whose link was taken back, and no other', async () => {
    const [closed, open] = [await share({ deidentify: {} }), await share({ deidentify: {} })]
    const vault = (await vaultOf(closed)).id ?? ''
    expect((await app.fetch(`/api/shares/${closed}`, { method: 'DELETE' })).status).toBe(204)
    await app.drain()
    await app.pacs.database.query(
      `update share_link set revoked_at = now() - interval '1 hour' where revoked_at is not null`,
    )
    expect(await removeClosedVaults(app.pacs)).toBeGreaterThan(0)
    expect(await vaultOf(closed)).toEqual({ id: null, uids: [] })
    expect((await vaultOf(open)).uids).toHaveLength(2)
    const left: string[] = []
    for await (const object of app.pacs.objects.list(`organisations/${vault}/`)) left.push(object.key)
    expect(left).toEqual([])
    expect(
      await app.pacs.database.query('select 1 from organisation where organisation_id = $1', [vault]),
    ).toEqual([])
  })
})
