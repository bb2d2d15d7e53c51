import sharp from 'sharp'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CreatedShare } from '../../core/contract/sharing.ts'
import { newUid } from '../../core/dicom/uid.ts'
import { buildViewer } from '../../scripts/build.mjs'
import { CHROMIUM, openBrowser } from '../support/chromium.ts'
import { dicom } from '../support/dicom-builder.ts'
import { multipart } from '../support/multipart.ts'
import { describeWith } from '../support/require.ts'
import { startService, type RunningService } from '../support/running-service.ts'

const STUDY = newUid()
const US = newUid()
const FILES = [
  dicom().ct({ rows: 32, columns: 32 }).uids({ study: STUDY }).build(),
  dicom()
    .ct({ rows: 32, columns: 32 })
    .uids({ study: STUDY, series: US })
    .set('Modality', 'CS', ['US'])
    .build(),
]
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const LANGUAGES = ['en', 'zh-CN'] as const
type Language = (typeof LANGUAGES)[number]
const ORGANISATION = '市立医院 City Hospital'

/** What each page of a link says: what it is, and what to do next. */
const SAYS: Readonly<Record<string, Readonly<Record<Language, readonly [string, string]>>>> = {
  passphrase: {
    en: ['Images for Dr. Li Wei', 'The words that you agreed on.'],
    'zh-CN': ['Dr. Li Wei，请查看影像', '双方约定的口令。'],
  },
  code: {
    en: ['Images for Dr. Li Wei', 'The eight digits that you were told.'],
    'zh-CN': ['Dr. Li Wei，请查看影像', '对方告知您的八位数字。'],
  },
  bound: {
    en: ['This link was opened already', 'for a new code'],
    'zh-CN': ['此链接已被打开', '索取新验证码'],
  },
  'used-up': {
    en: ['This link was opened as often as it may be', 'for a new link'],
    'zh-CN': ['此链接的打开次数已用完', '重新生成链接'],
  },
  locked: {
    en: ['Too many wrong tries', 'Wait a quarter of an hour'],
    'zh-CN': ['错误次数过多', '请等待一刻钟后再试'],
  },
  expired: {
    en: ['This link has ended', 'for a new link'],
    'zh-CN': ['此链接已到期', '重新生成链接'],
  },
  revoked: {
    en: ['This link was taken back', 'If you still need them, ask'],
    'zh-CN': ['此链接已被收回', '如仍需要，请联系'],
  },
  preparing: {
    en: ['The images are being prepared', 'The page opens by itself'],
    'zh-CN': ['影像正在准备', '页面会自动打开'],
  },
  failed: {
    en: ['The images could not be prepared', 'who can share them in another way'],
    'zh-CN': ['影像未能准备好', '以其他方式共享'],
  },
  unknown: {
    en: ['This link is not right', 'Check that all of it was copied'],
    'zh-CN': ['链接不正确', '请检查是否完整复制'],
  },
}

describeWith(CHROMIUM, 'the page of a link, on a phone', () => {
  let service: RunningService
  let browser: Browser
  const pages = new Map<Language, Page>()
  const links = new Map<string, string>()
  const faults: string[] = []

  beforeAll(async () => {
    await buildViewer()
    service = await startService('embedded')
    const sent = await service.fetch('/dicom-web/studies', { method: 'POST', ...multipart(FILES) })
    expect(sent.status).toBe(200)
    await beOrganisation()
    await makeLinks()
    browser = await openBrowser()
    for (const language of LANGUAGES) {
      const context = await browser.newContext({ ...PHONE, locale: language === 'en' ? 'en-GB' : language })
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      page.on('pageerror', (error) => faults.push(String(error)))
      pages.set(language, page)
    }
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await service?.stop()
  })

  async function beOrganisation(): Promise<void> {
    const picture = await sharp({
      create: { width: 200, height: 100, channels: 3, background: '#1b7f6b' },
    })
      .png()
      .toBuffer()
    const logo = await service.fetch('/api/admin/organisation/logo', {
      method: 'PUT',
      body: new Uint8Array(picture),
    })
    expect(logo.status).toBe(200)
    const named = await send('PATCH', '/api/admin/organisation', { name: ORGANISATION })
    expect(named.status).toBe(200)
  }

  const send = (method: string, path: string, body: object): Promise<Response> =>
    service.fetch(path, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })

  async function share(wanted: object = {}): Promise<CreatedShare> {
    const answer = await send('POST', `/api/studies/${STUDY}/shares`, {
      recipientName: 'Dr. Li Wei',
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      ...wanted,
    })
    expect(answer.status).toBe(201)
    return (await answer.json()) as CreatedShare
  }

  async function makeLinks(): Promise<void> {
    const passphrase = { kind: 'passphrase', passphrase: 'river and cloud' }
    const open = async ({ url }: CreatedShare, secret?: string | null): Promise<void> => {
      await send('POST', '/api/shared/open', { token: url.split('/s/')[1], ...(secret ? { secret } : {}) })
    }
    const made: Record<string, CreatedShare> = {
      passphrase: await share({ lock: passphrase }),
      code: await share({ lock: { kind: 'code' } }),
      bound: await share({ lock: { kind: 'code' } }),
      'used-up': await share({ mostOpens: 1 }),
      locked: await share({ lock: passphrase }),
      expired: await share(),
      revoked: await share(),
      preparing: await share(),
      failed: await share({ deidentify: {}, selection: { series: [US], instances: [] } }),
    }
    for (const [name, { url }] of Object.entries(made)) links.set(name, url)
    links.set('unknown', `${service.url}/s/AAAAAAAAAAA.${'B'.repeat(43)}`)
    const of = (name: string): CreatedShare => made[name] ?? expect.fail(name)
    await open(of('bound'), of('bound').code)
    await open(of('used-up'))
    for (let guess = 0; guess < 5; guess++) await open(of('locked'), `guess ${guess}`)
    expect((await service.fetch(`/api/shares/${of('revoked').share.shareId}`, { method: 'DELETE' })).ok).toBe(
      true,
    )
    await service.withPacs(async ({ database }) => {
      const change = (set: string, name: string) =>
        database.query(`update share_link set ${set} where share_id = $1`, [of(name).share.shareId])
      await change(`expires_at = now() - interval '1 second'`, 'expired')
      await change('ready_at = null, instances_done = 3, instances_total = 12', 'preparing')
    })
  }

  const pageIn = (language: Language): Page => pages.get(language) ?? expect.fail(language)

  for (const [state, says] of Object.entries(SAYS))
    it.each(LANGUAGES)(`that is ${state} says what to do next, in %s`, async (language) => {
      const page = pageIn(language)
      await page.goto(links.get(state) ?? '')
      const [title, next] = says[language]
      await page.getByText(title, { exact: true }).waitFor()
      await page.getByText(next).waitFor()
      // Whose images they are; of a link that there never was nobody's.
      const named = state === 'unknown' ? 0 : 1
      await expect.poll(() => page.getByText(ORGANISATION, { exact: true }).count()).toBe(named)
      await expect.poll(() => page.locator('img[src^="data:image/webp"]').count()).toBe(named)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    })

  it.each(LANGUAGES)(
    'says that a passphrase is wrong, and leaves it to be tried again, in %s',
    async (language) => {
      const page = pageIn(language)
      await page.goto(links.get('passphrase') ?? '')
      const [field, button, wrong] =
        language === 'en'
          ? ['Passphrase', 'Open the images', 'That is not right. Check it with whoever sent the link.']
          : ['口令', '查看影像', '不正确']
      await page.getByLabel(field ?? '').fill('cloud and river')
      await page.getByRole('button', { name: button ?? '' }).click()
      await page
        .getByRole('alert')
        .getByText(wrong ?? '')
        .waitFor()
      expect(await page.getByLabel(field ?? '').inputValue()).toBe('cloud and river')
    },
  )

  it('that is preparing opens by itself as soon as it is ready', async () => {
    const page = pageIn('zh-CN')
    await page.goto(links.get('preparing') ?? '')
    await page.getByText('影像正在准备', { exact: true }).waitFor()
    await page.getByText('3 / 12').waitFor()
    await service.withPacs(({ database }) =>
      database.query('update share_link set ready_at = now() where ready_at is null and revoked_at is null'),
    )
    await page.getByRole('button', { name: '查看影像' }).waitFor()
    expect(faults).toEqual([])
  })
})
