import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { asArchive } from '../../../core/access/organisation-wall.ts'
import type { SessionUser } from '../../../core/contract/api.ts'
import type { CreatedShare, CreateShare, ShareView } from '../../../core/contract/sharing.ts'
import { isYunyingError } from '../../../core/errors.ts'
import { openShare } from '../../../core/sharing/open-share.ts'
import { dicom } from '../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'

let app: TestApp
let study: string
let other: string
let instance: string
let radiologist: { token: string; userId: string }

const DAY = 86_400_000

beforeAll(async () => {
  app = await startTestApp()
  for (let which = 0; which < 2; which++) {
    const stored = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(dicom().ct({ rows: 64, columns: 64 }).build()),
    })
    expect(stored.status).toBe(200)
  }
  const rows = await app.pacs.database.query<{ uid: string; path: string }>(
    `select s.study_instance_uid as uid, '/dicom-web/studies/' || s.study_instance_uid || '/series/' || r.series_instance_uid
       || '/instances/' || i.sop_instance_uid as path
     from study s join series r using (study_id) join instance i using (series_id) order by s.first_received_at`,
  )
  study = rows[0]?.uid ?? ''
  instance = rows[0]?.path ?? ''
  other = rows[1]?.uid ?? ''
  radiologist = await app.user(['radiologist'])
  await app.drain()
})
afterAll(() => app.close())

async function share(wanted: Partial<CreateShare> = {}, token = radiologist.token): Promise<CreatedShare> {
  const answer = await app.fetch(`/api/studies/${study}/shares`, {
    method: 'POST',
    token,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      recipientName: 'Dr. Li Wei',
      expiresAt: new Date(Date.now() + DAY).toISOString(),
      ...wanted,
    }),
  })
  expect([answer.status, answer.status === 201 ? '' : await answer.text()]).toEqual([201, ''])
  return (await answer.json()) as CreatedShare
}

const tokenOf = (made: CreatedShare): string => made.url.split('/s/')[1] ?? ''

const post = (path: string, body: object): Promise<Response> =>
  app.fetch(path, {
    method: 'POST',
    token: null,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

/** Opens the link; what the guest's browser sends from then on. */
async function open(made: CreatedShare, secret?: string) {
  const answer = await post('/api/shared/open', { token: tokenOf(made), secret })
  expect(answer.status).toBe(200)
  const cookie = (answer.headers.get('Set-Cookie') ?? '').split(';')[0] ?? ''
  const user = (await answer.json()) as SessionUser
  const headers = { Cookie: cookie, 'Yunying-Share': user.share?.handle ?? '' }
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    app.fetch(path, { ...init, token: null, headers: { ...headers, ...(init.headers as object) } })
  return { user, headers, ask }
}

const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code

describe('a share link', () => {
  it('shows its study to who opens it, and nothing else', async () => {
    const made = await share()
    expect(made.url).toMatch(new RegExp(`^${app.url}/s/[\\w-]{11}\\.[\\w-]{43}$`))
    const look = await post('/api/shared/look', { token: tokenOf(made) })
    expect(await look.json()).toMatchObject({ state: 'open', lock: 'none', recipientName: 'Dr. Li Wei' })
    const { user, ask } = await open(made)
    expect(user).toMatchObject({ displayName: 'Dr. Li Wei', roles: ['guest'] })
    expect(user.share?.studyInstanceUid).toBe(study)
    expect((await ask(`/dicom-web/studies/${study}/metadata`)).status).toBe(200)
    expect((await ask(`${instance}/frames/1`)).status).toBe(200)
    expect((await ask(`/api/studies/${study}/opening`)).status).toBe(200)
    expect((await ask(`/dicom-web/studies/${other}/metadata`)).status).toBe(404)
    const found = (await (await ask('/dicom-web/studies')).json()) as unknown[]
    expect(found).toHaveLength(1)
    expect((await ask(`/api/studies/${study}/shares`)).status).toBe(403)
  })

  it('keeps neither its secret nor its code', async () => {
    const made = await share({ lock: { kind: 'code' } })
    const secret = tokenOf(made).split('.')[1] ?? ''
    const [row] = await app.pacs.database.query<{ text: string }>(
      'select l::text as text from share_link l where share_id = $1',
      [made.share.shareId],
    )
    expect(row?.text).not.toContain(secret)
    expect(row?.text).not.toContain(made.code)
  })

  it('is no session without its cookie, and leaves the session beside it alone', async () => {
    const made = await share()
    const { headers } = await open(made)
    const without = await app.fetch('/api/session', {
      token: null,
      headers: { 'Yunying-Share': headers['Yunying-Share'] },
    })
    expect(without.status).toBe(401)
    const unnamed = await app.fetch('/api/session', { token: null, headers: { Cookie: headers.Cookie } })
    expect(unnamed.status).toBe(401)
    // An image element names it in the query.
    const inQuery = await app.fetch(
      `/dicom-web/studies/${study}/thumbnail?share=${headers['Yunying-Share']}`,
      { token: null, headers: { Cookie: headers.Cookie } },
    )
    expect(inQuery.status).toBe(200)
  })

  it('gives only the rights that were given', async () => {
    const looking = await open(await share())
    const whole = { headers: { Accept: 'application/dicom' } }
    expect((await looking.ask(instance, whole)).status).toBe(403)
    expect((await looking.ask(`/api/studies/${study}/archive`)).status).toBe(403)
    expect(looking.user.actions).not.toContain('measurement.save')
    const taking = await open(await share({ rights: ['download'] }))
    expect((await taking.ask(instance, whole)).status).toBe(200)
    expect(taking.user.actions).toContain('study.download')
    const referring = await app.user(['reviewer'])
    const refused = await app.fetch(`/api/studies/${study}/shares`, {
      method: 'POST',
      token: referring.token,
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    })
    expect(refused.status).toBe(404)
  })

  it('asks for its passphrase, and makes a guesser wait', async () => {
    const made = await share({ lock: { kind: 'passphrase', passphrase: '云影 over the river' } })
    const token = tokenOf(made)
    expect(await codeOf(await post('/api/shared/open', { token }))).toBe('share-secret-wrong')
    for (let guess = 0; guess < 4; guess++)
      expect((await post('/api/shared/open', { token, secret: `guess ${guess}` })).status).toBe(401)
    const right = await post('/api/shared/open', { token, secret: '云影 over the river' })
    expect([right.status, await codeOf(right)]).toEqual([409, 'share-locked'])
    await app.pacs.database.query('update share_link set guess_after = now() where share_id = $1', [
      made.share.shareId,
    ])
    await open(made, '云影 over the river')
  })

  it('looks at no more guesses that come at once, from anywhere, than of those that come one by one', async () => {
    const made = await share({ lock: { kind: 'code' } })
    const guesses = Array.from({ length: 16 }, (_, guess) =>
      asArchive(() =>
        openShare(app.pacs, {
          token: tokenOf(made),
          secret: `0000 00${10 + guess}`,
          address: `192.0.2.${guess}`,
        }),
      ).then(
        () => 'opened',
        (error: unknown) => (isYunyingError(error) ? error.code : String(error)),
      ),
    )
    const answers = await Promise.all(guesses)
    expect(answers.filter((code) => code === 'share-secret-wrong').length).toBe(5)
    expect(answers.filter((code) => code === 'share-locked').length).toBe(11)
  })

  it('with a code opens once, for whom the code was told', async () => {
    const made = await share({ lock: { kind: 'code' } })
    expect(made.code).toMatch(/^\d{4} \d{4}$/)
    const first = await open(made, made.code?.replace(' ', ''))
    const again = await post('/api/shared/open', { token: tokenOf(made), secret: made.code })
    expect(await codeOf(again)).toBe('share-bound')
    const renewed = await app.fetch(`/api/shares/${made.share.shareId}/code`, {
      method: 'POST',
      token: radiologist.token,
    })
    const { code } = (await renewed.json()) as { code: string }
    expect((await first.ask('/api/session')).status).toBe(401)
    await open(made, code)
  })

  it('ends after its openings, and at its end', async () => {
    const made = await share({ mostOpens: 1 })
    const { ask } = await open(made)
    expect(await codeOf(await post('/api/shared/open', { token: tokenOf(made) }))).toBe('share-used-up')
    expect((await ask('/api/session')).status).toBe(200)
    await app.pacs.database.query(
      `update share_link set expires_at = now() - interval '1 second' where share_id = $1`,
      [made.share.shareId],
    )
    await app.pacs.database.query(`select pg_notify('access_changed', '')`)
    await expect.poll(async () => (await ask('/api/session')).status).toBe(401)
    expect(await codeOf(await post('/api/shared/open', { token: tokenOf(made) }))).toBe('share-expired')
    const look = await post('/api/shared/look', { token: tokenOf(made) })
    expect(await look.json()).toMatchObject({ state: 'expired' })
  })

  it('shows whose it is, with the logo of its own organisation where that is asked for', async () => {
    const picture = (width: number): Promise<Buffer> =>
      sharp({ create: { width, height: 100, channels: 3, background: '#2060a0' } })
        .png()
        .toBuffer()
    const foreign = await app.user(['administrator'], await app.organisation('With another logo'))
    for (const [token, width] of [
      [app.token, 200],
      [foreign.token, 120],
    ] as const) {
      const body = new Uint8Array(await picture(width))
      const kept = await app.fetch('/api/admin/organisation/logo', { method: 'PUT', body, token })
      expect(kept.status).toBe(200)
    }
    const token = tokenOf(await share())
    const look = (await (await post('/api/shared/look', { token })).json()) as { logo: string | null }
    expect(look.logo).toBeNull()
    const asked = await post('/api/shared/look', { token, withLogo: true })
    const { logo, organisationName } = (await asked.json()) as { logo: string; organisationName: string }
    expect(organisationName).not.toBe('')
    const [type, base64 = ''] = logo.split(',')
    expect(type).toBe('data:image/webp;base64')
    const own = await sharp(Buffer.from(base64, 'base64')).metadata()
    expect([own.width, own.height]).toEqual([200, 100])
    const wrong = await post('/api/shared/look', { token: `${token.slice(0, -4)}AAAA`, withLogo: true })
    expect(wrong.status).toBe(404)
  })

  it('says when there is no image that it could show, and opens when work on it is done after all', async () => {
    const made = await share({ deidentify: {} })
    await app.drain()
    await app.pacs.database.query(
      `insert into work_item (kind, key, organisation_id, state, attempts)
       select 'prepare-share', share_id, organisation_id, 'failed', 5 from share_link where share_id = $1
       on conflict (kind, key) do update set state = 'failed'`,
      [made.share.shareId],
    )
    await app.pacs.database.query('update share_link set ready_at = null where share_id = $1', [
      made.share.shareId,
    ])
    const look = await post('/api/shared/look', { token: tokenOf(made) })
    expect(await look.json()).toMatchObject({ state: 'failed' })
    expect(await codeOf(await post('/api/shared/open', { token: tokenOf(made) }))).toBe('share-failed')
    await app.pacs.database.query('update share_link set ready_at = now() where share_id = $1', [
      made.share.shareId,
    ])
    await open(made)
  })

  it('says nothing about a link that there never was', async () => {
    for (const token of ['', 'x', `${'a'.repeat(11)}.${'b'.repeat(43)}`]) {
      const answer = await post('/api/shared/look', { token })
      expect([answer.status, await codeOf(answer)]).toEqual([404, 'share-unknown'])
    }
    const made = await share()
    const wrong = `${tokenOf(made).slice(0, -4)}AAAA`
    expect((await post('/api/shared/open', { token: wrong })).status).toBe(404)
  })

  it('is looked after by its maker and by administrators alone', async () => {
    const made = await share()
    await open(made)
    const path = `/api/shares/${made.share.shareId}`
    const openings = await app.fetch(`${path}/openings`, { token: radiologist.token })
    expect(((await openings.json()) as { openings: unknown[] }).openings).toHaveLength(1)
    const colleague = await app.user(['radiologist'])
    const foreign = await app.user(['administrator'], await app.organisation('Elsewhere'))
    for (const { token } of [colleague, foreign]) {
      expect((await app.fetch(`${path}/openings`, { token })).status).toBe(404)
      expect((await app.fetch(path, { method: 'DELETE', token })).status).toBe(404)
      const listed = (await (await app.fetch('/api/shares', { token })).json()) as { shares: ShareView[] }
      expect(listed.shares).toEqual([])
    }
    const listed = (await (await app.fetch('/api/shares')).json()) as {
      shares: z.infer<typeof ShareView>[]
    }
    expect(listed.shares.find(({ shareId }) => shareId === made.share.shareId)).toMatchObject({ opens: 1 })
  })

  it('taken back is out at once, and its maker’s end is not its end', async () => {
    const maker = await app.user(['radiologist'])
    const made = await share({}, maker.token)
    const { ask } = await open(made)
    await app.fetch(`/api/admin/users/${maker.userId}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ disabled: true }),
    })
    expect((await ask(`/dicom-web/studies/${study}/metadata`)).status).toBe(200)
    const taken = await app.fetch(`/api/shares/${made.share.shareId}`, { method: 'DELETE' })
    expect(taken.status).toBe(204)
    await expect.poll(async () => (await ask(`${instance}/frames/1`)).status).toBe(401)
    expect(await codeOf(await post('/api/shared/open', { token: tokenOf(made) }))).toBe('share-revoked')
  })

  it('taken back breaks off what is still being sent', { timeout: 60_000 }, async () => {
    const made = await share({ rights: ['download'] })
    const { headers } = await open(made)
    // A client that does not read keeps the answer open.
    const big = dicom().ct({ rows: 4096, columns: 4096 }).build()
    const stored = await app.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'Content-Type': 'application/dicom' },
      body: new Uint8Array(big),
    })
    expect(stored.status).toBe(200)
    const [row] = await app.pacs.database.query<{ uid: string; id: string }>(
      'select study_instance_uid as uid, study_id as id from study order by first_received_at desc limit 1',
    )
    await app.pacs.database.query(
      `insert into study_grant (study_id, user_id) select $1, guest_id from share_link where share_id = $2`,
      [row?.id ?? '', made.share.shareId],
    )
    const asked = request(`${app.url}/dicom-web/studies/${row?.uid}`, { headers })
    asked.end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(200)
    answer.pause()
    await app.fetch(`/api/shares/${made.share.shareId}`, { method: 'DELETE' })
    const broken = once(answer, 'aborted')
    // Looked at every ten seconds. In the metrics it is one that was not sent whole.
    await expect
      .poll(async () => (await app.fetch('/metrics')).text(), { timeout: 40_000, interval: 500 })
      .toMatch(/route="\/dicom-web\/studies\/:study"[^}]*status="499"/)
    answer.resume()
    await broken
    expect(answer.complete).toBe(false)
  })

  it('marks every picture with who looks', async () => {
    const rendered = `${instance}/rendered`
    const plain = await app.fetch(rendered, { headers: { Accept: 'image/png' } })
    const marked = await open(await share())
    const unmarked = await open(await share({ watermark: false }))
    const pixels = async (answer: Response): Promise<Buffer> =>
      sharp(Buffer.from(await answer.arrayBuffer()))
        .greyscale()
        .raw()
        .toBuffer()
    const original = await pixels(plain)
    const withMark = await pixels(await marked.ask(rendered, { headers: { Accept: 'image/png' } }))
    const without = await pixels(await unmarked.ask(rendered, { headers: { Accept: 'image/png' } }))
    expect(without.equals(original)).toBe(true)
    const differing = withMark.filter((value, index) => Math.abs(value - (original[index] ?? 0)) > 8).length
    expect(differing).toBeGreaterThan(original.length / 100)
    expect(differing).toBeLessThan(original.length / 2)
  })

  it('is in the record: made, opened, guessed at, read, taken back', async () => {
    const made = await share({ lock: { kind: 'passphrase', passphrase: 'two people know' } })
    await post('/api/shared/open', { token: tokenOf(made), secret: 'nobody knows' })
    const { ask } = await open(made, 'two people know')
    await ask(`/api/studies/${study}/opening`)
    await app.fetch(`/api/shares/${made.share.shareId}`, { method: 'DELETE', token: radiologist.token })
    const events = await app.pacs.database.query<{ event: string; outcome: string; change: string | null }>(
      `select event, outcome, detail ->> 'change' as change from audit_event where detail ->> 'share' = $1
       order by audit_event_id`,
      [made.share.shareId],
    )
    expect(events.map(({ event, outcome, change }) => [event, outcome, change])).toEqual([
      ['configuration-changed', 'success', 'share-created'],
      ['user-authentication', 'denied', null],
      ['user-authentication', 'success', null],
      ['instances-accessed', 'success', null],
      ['configuration-changed', 'success', 'share-revoked'],
    ])
  })
})
