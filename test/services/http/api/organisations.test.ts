import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  CreatedOrganisation,
  Organisation,
  OrganisationList,
  Usage,
} from '../../../../core/contract/organisations.ts'
import { newUid } from '../../../../core/dicom/uid.ts'
import { restoreRegistry } from '../../../../core/identity/registry.ts'
import { measureUsage } from '../../../../core/organisations/measure-usage.ts'
import { dicom } from '../../../support/dicom-builder.ts'
import { startTestApp, type TestApp } from '../../../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ workers: false })
})
afterAll(() => app.close())

const OWN = '/api/admin/organisation'
const ALL = '/api/admin/organisations'
const json = (method: string, body: object, token?: string) => ({
  method,
  body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json' },
  ...(token === undefined ? {} : { token }),
})
const create = async (name: string, more: object = {}) => {
  const input = { name, adminEmail: `admin@${newUid()}`, ...more }
  const answer = await app.fetch(ALL, json('POST', input))
  return { answer, input }
}
const picture = () => sharp({ create: { width: 600, height: 300, channels: 4, background: '#285a9b' } })

describe('the operator', () => {
  it('makes an organisation whose administrator signs in with the password that is shown once', async () => {
    const { answer, input } = await create('Cardiology centre', {
      aeTitle: 'CARDIO',
      quotaBytes: 5e9,
      timeZone: 'Asia/Shanghai',
      language: 'zh-CN',
    })
    expect(answer.status).toBe(201)
    const { organisation, oneTimePassword, adminEmail } = CreatedOrganisation.parse(await answer.json())
    expect(organisation).toMatchObject({
      name: 'Cardiology centre',
      aeTitle: 'CARDIO',
      quotaBytes: 5e9,
      timeZone: 'Asia/Shanghai',
      language: 'zh-CN',
    })
    const session = await app.fetch('/api/session', {
      ...json('POST', { email: input.adminEmail, password: oneTimePassword }),
      token: null,
    })
    expect(session.status).toBe(200)
    expect(await session.json()).toMatchObject({
      email: adminEmail,
      organisationName: 'Cardiology centre',
      roles: ['administrator'],
      mustChangePassword: true,
      language: 'zh-CN',
      actions: expect.not.arrayContaining(['organisation.manage']) as string[],
    })
    const list = OrganisationList.parse(await (await app.fetch(ALL)).json())
    expect(list.organisations.map(({ name, people }) => [name, people])).toEqual(
      expect.arrayContaining([['Cardiology centre', 1]]),
    )
  })

  it('is told what cannot be: a name or an address that is taken, a time zone that nobody knows', async () => {
    const { input } = await create('Taken')
    const again = await create('Taken')
    expect(again.answer.status).toBe(409)
    expect(await again.answer.json()).toMatchObject({ code: 'organisation-exists' })
    const person = await create('Another', { adminEmail: input.adminEmail })
    expect(await person.answer.json()).toMatchObject({ code: 'user-exists' })
    const zone = await create('Nowhere', { timeZone: 'Mars/Olympus' })
    expect(await zone.answer.json()).toMatchObject({ code: 'time-zone-invalid' })
    const names = OrganisationList.parse(await (await app.fetch(ALL)).json()).organisations.map(
      ({ name }) => name,
    )
    expect(names).not.toContain('Another')
  })

  it('changes a quota, which is in the record of the organisation it is of', async () => {
    const made = CreatedOrganisation.parse(await (await create('Small clinic')).answer.json()).organisation
    const changed = await app.fetch(`${ALL}/${made.organisationId}`, json('PATCH', { quotaBytes: 1e9 }))
    expect(Organisation.parse(await changed.json()).quotaBytes).toBe(1e9)
    const events = await app.pacs.database.query<{ detail: object }>(
      'select detail from audit_event where organisation_id = $1 order by audit_event_id desc limit 1',
      [made.organisationId],
    )
    expect(events[0]?.detail).toMatchObject({ change: 'organisation-changed', quotaBytes: 1e9 })
    const none = await app.fetch(`${ALL}/nothing`, json('PATCH', { quotaBytes: 1e9 }))
    expect(none.status).toBe(404)
  })

  it('is an administrator of the default organisation, and of no other', async () => {
    const { token } = await app.user(['administrator'], await app.organisation('Elsewhere'))
    for (const init of [{}, json('POST', { name: 'Mine', adminEmail: 'me@example.org' })])
      expect((await app.fetch(ALL, { ...init, token })).status).toBe(403)
    const radiologist = await app.user(['radiologist'])
    expect((await app.fetch(ALL, { token: radiologist.token })).status).toBe(403)
  })
})

describe('an administrator', () => {
  it('changes what their organisation is called and where its days begin, and not its quota', async () => {
    const organisationId = await app.organisation('Before')
    const { token } = await app.user(['administrator'], organisationId)
    const change = { name: 'After', timeZone: 'Europe/Berlin', language: 'en', quotaBytes: 1 }
    const answer = await app.fetch(OWN, json('PATCH', change, token))
    expect(Organisation.parse(await answer.json())).toMatchObject({
      organisationId,
      name: 'After',
      timeZone: 'Europe/Berlin',
      language: 'en',
      quotaBytes: null,
    })
    const other = await app.fetch(OWN)
    expect(await other.json()).toMatchObject({ name: 'Yunying' })
  })

  it('gives it a logo, made anew and small, that its people are shown and nobody else', async () => {
    const { token } = await app.user(['administrator'], await app.organisation('With a logo'))
    const body = new Uint8Array(
      await picture()
        .withMetadata({ exif: { IFD0: { Artist: 'Somebody' } } })
        .jpeg()
        .toBuffer(),
    )
    const answer = await app.fetch(`${OWN}/logo`, { method: 'PUT', body, token })
    const { logoUrl } = Organisation.parse(await answer.json())
    await expect
      .poll(async () => (await app.fetch('/api/session', { token })).json())
      .toMatchObject({ organisationLogoUrl: logoUrl })
    const logo = await app.fetch(logoUrl ?? '', { token })
    expect(logo.headers.get('Content-Type')).toBe('image/webp')
    const bytes = Buffer.from(await logo.arrayBuffer())
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 256, height: 128 })
    expect(bytes.includes('Somebody')).toBe(false)
    expect((await app.fetch(logoUrl ?? '')).status).toBe(404)
    expect((await app.fetch(logoUrl ?? '', { token: null })).status).toBe(401)
    await app.fetch(`${OWN}/logo`, { method: 'DELETE', token })
    expect((await app.fetch(logoUrl ?? '', { token })).status).toBe(404)
  })

  it.each([
    [
      'a drawing with a script',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
    ],
    ['no picture', Buffer.from('nothing')],
    ['a cut picture', null],
  ])('is refused %s', async (_name, given) => {
    const whole = await picture().png().toBuffer()
    const body = new Uint8Array(given ?? whole.subarray(0, 60))
    const answer = await app.fetch(`${OWN}/logo`, { method: 'PUT', body })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'picture-invalid' })
  })

  it('sees by day what was kept and sent and how many were there, of their own organisation alone', async () => {
    const organisationId = await app.organisation('Measured')
    const { token } = await app.user(['administrator', 'radiologist'], organisationId)
    const file = new Uint8Array(dicom().ct({ rows: 64, columns: 64 }).build())
    await app.fetch('/dicom-web/studies', {
      method: 'POST',
      token,
      body: file,
      headers: { 'Content-Type': 'application/dicom' },
    })
    await measureUsage(app.pacs)
    const studies = (await (await app.fetch('/dicom-web/studies', { token })).json()) as Record<
      string,
      { Value: string[] }
    >[]
    const study = studies[0]?.['0020000D']?.Value[0] ?? ''
    const retrieved = await app.fetch(`/dicom-web/studies/${study}`, { token })
    const sent = (await retrieved.arrayBuffer()).byteLength
    const used = async () => Usage.parse(await (await app.fetch('/api/admin/usage?days=3', { token })).json())
    // Counted when the answer has ended here, which its receiver may see first.
    await expect.poll(async () => (await used()).days[2]?.servedBytes ?? 0).toBeGreaterThan(sent)
    const usage = await used()
    expect(usage).toMatchObject({ quotaBytes: null, keptBytes: file.length })
    expect(usage.days).toHaveLength(3)
    expect(usage.days[0]).toMatchObject({ keptBytes: null, studies: null, servedBytes: 0, activeUsers: 0 })
    expect(usage.days[2]).toMatchObject({ keptBytes: file.length, studies: 1, activeUsers: 1 })
    expect(usage.days[2]?.servedBytes).toBeLessThan(sent + 20_000)
  })
})

describe('the registry', () => {
  it('gives organisations back as they were set', async () => {
    const made = CreatedOrganisation.parse(
      await (await create('Kept', { quotaBytes: 7, timeZone: 'Asia/Tokyo', language: 'en' })).answer.json(),
    ).organisation
    await app.superuser.query('truncate organisation cascade')
    expect(await restoreRegistry(app.pacs)).toBe(true)
    const rows = await app.pacs.database.query(
      'select name, quota_bytes, time_zone, language from organisation where organisation_id = $1',
      [made.organisationId],
    )
    expect(rows).toEqual([{ name: 'Kept', quota_bytes: 7, time_zone: 'Asia/Tokyo', language: 'en' }])
  })
})
