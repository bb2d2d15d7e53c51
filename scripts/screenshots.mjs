// Takes the pictures of docs/images from a running service that has the sample studies and nothing else:
//   YUNYING_ADMIN_PASSWORD=… node scripts/screenshots.mjs http://localhost:8080
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

/** What docs/reading-room.md and the README show. Each screen is there in both languages: look at all by leaving this out. */
const SHOWN = new Set([
  'worklist-en',
  'reading-room-zh',
  'comparison-en',
  'planes-en',
  'volume-en',
  'segments-zh',
  'mammogram-zh',
  'pet-ct-zh',
  'phone-zh',
  'share-en',
  'shared-zh',
  'audit-en',
])
const [url = 'http://localhost:8080'] = process.argv.slice(2)
const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs/images')
mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.YUNYING_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})

for (const locale of ['en', 'zh-CN']) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale })
  const page = await context.newPage()
  const take = (screen) => keep(page, `${screen}-${locale.slice(0, 2)}`)
  await signIn(page)
  await page.waitForTimeout(2_000)
  await take('worklist')
  await readCt(page)
  await take('reading-room')
  await compare(page)
  await take('comparison')
  await planes(page)
  await take('planes')
  await volume(page)
  await take('volume')
  await segments(page)
  await take('segments')
  await hang(page, 'MG', 4)
  await take('mammogram')
  await stepToPrior(page)
  await take('mammogram-prior')
  await hang(page, 'MR', 4)
  await take('sequences')
  await hang(page, 'PT', 4)
  await toTheNodule(page)
  await take('pet-ct')
  const link = await share(page)
  await take('share')
  await page.goto(`${url}/admin/audit`)
  await page.waitForSelector('tbody tr')
  await page.waitForTimeout(1_000)
  await take('audit')
  await context.close()
  await phone(locale)
  await shared(locale, link)
}
await browser.close()

/** Keeps a picture that is shown; small, for pages are to load at once. */
async function keep(page, name) {
  if (!SHOWN.has(name)) return
  const small = await sharp(await page.screenshot())
    .webp({ quality: 82, effort: 6 })
    .toBuffer()
  writeFileSync(join(folder, `${name}.webp`), small)
}

/** The newest study with this modality, as it hangs by itself. */
async function hang(page, modality, panes) {
  const [study] = await studiesWith(page, modality)
  await page.goto(`${url}/studies/${study.uid}`)
  await page.waitForFunction(
    (wanted) => document.querySelectorAll('[data-pane] section[data-status=ready]').length === wanted,
    panes,
    { timeout: 60_000 },
  )
  await page.waitForTimeout(8_000)
}

/** Of the mammogram: the left breast from the side, beside itself of the year before. */
async function stepToPrior(page) {
  for (let step = 0; step < 6; step++) {
    await page.keyboard.press('Period')
    await page.waitForTimeout(1_500)
  }
  await page.waitForTimeout(4_000)
}

/** To the slice of the nodule, by its place on the bar of the slices: both panes follow. */
async function toTheNodule(page) {
  await page.keyboard.press('Home')
  for (let slice = 0; slice < 28; slice++) await page.keyboard.press('ArrowDown')
  await page.waitForTimeout(4_000)
}

/** A link to the CT for an expert: made, with its QR code. */
async function share(page) {
  const [{ uid }] = await studiesWith(page, 'CT')
  await page.goto(`${url}/studies/${uid}`)
  await page.waitForSelector('section[data-status=ready]')
  await page.keyboard.press('Shift+KeyQ')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').first().fill('Dr. Chen Lihua 陈丽华')
  await dialog.locator('button[type=submit]').click()
  await dialog.getByRole('img').waitFor()
  await page.waitForTimeout(500)
  return dialog.locator('input[readonly]').first().inputValue()
}

/** The CT on a phone that is held upright. */
async function phone(locale) {
  const { context, page } = await onPhone(locale)
  await signIn(page)
  const [study] = await studiesWith(page, 'CT')
  await page.goto(`${url}/studies/${study.uid}`)
  await page.waitForSelector('section[data-status=ready]')
  await page.waitForTimeout(6_000)
  await keep(page, `phone-${locale.slice(0, 2)}`)
  await context.close()
}

/** What an expert's phone shows of a link, before it is opened. */
async function shared(locale, link) {
  const { context, page } = await onPhone(locale)
  await page.goto(link)
  await page.waitForSelector('form')
  await page.waitForTimeout(1_000)
  await keep(page, `shared-${locale.slice(0, 2)}`)
  await context.close()
}

async function onPhone(locale) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    locale,
  })
  return { context, page: await context.newPage() }
}

/** Studies with a modality, the newest first; of CT, without those that also have PET. */
async function studiesWith(page, modality) {
  return page.evaluate(async (wanted) => {
    const asked = `/dicom-web/studies?ModalitiesInStudy=${wanted}&includefield=00201208`
    const answer = await fetch(asked, { headers: { Accept: 'application/dicom+json' } })
    const value = (study, tag) => study[tag]?.Value?.[0]
    return (await answer.json())
      .filter((study) => wanted !== 'CT' || !study['00080061']?.Value?.includes('PT'))
      .map((study) => ({
        uid: value(study, '0020000D'),
        date: value(study, '00080020'),
        patient: value(study, '00100020'),
      }))
      .sort((a, b) => (a.date < b.date ? 1 : -1))
  }, modality)
}

/** Takes out of a draft what an earlier run put in. */
async function emptied(page, draft, nothing) {
  await page.evaluate(
    async ([path, parts]) => {
      const body = JSON.stringify({ ...(await (await fetch(path)).json()), ...parts })
      await fetch(path, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body })
    },
    [draft, nothing],
  )
}

async function signIn(page) {
  await page.goto(url)
  await page.fill('input[name=email], input[type=email]', 'admin@localhost')
  await page.fill('input[type=password]', process.env.YUNYING_ADMIN_PASSWORD ?? '')
  await page.keyboard.press('Enter')
  await page.waitForSelector('header nav')
}

/** The CT that has a prior, at a slice in its middle, with a length and an ellipse. */
async function readCt(page) {
  const [{ uid }] = await studiesWith(page, 'CT')
  await emptied(page, `/api/studies/${uid}/draft`, { marks: [] })
  await page.goto(`${url}/studies/${uid}`)
  await page.waitForSelector('section[data-status=ready]')
  await page.waitForTimeout(3_000)
  const { x, y, width, height } = await page.locator('section[data-status=ready]').first().boundingBox()
  const at = (column, row) => [x + column * width, y + row * height]
  const drag = async (from, to) => {
    await page.mouse.move(...from)
    await page.mouse.down()
    await page.mouse.move(...to, { steps: 8 })
    await page.mouse.up()
    await page.waitForTimeout(300)
  }
  await page.keyboard.press('KeyD')
  await drag(at(0.432, 0.503), at(0.568, 0.497))
  await page.keyboard.press('KeyE')
  await drag(at(0.532, 0.575), at(0.55, 0.6))
  await page.keyboard.press('KeyM')
  await page.mouse.move(...at(0.5, 0.97))
  await page.waitForTimeout(800)
}

/** Two beside each other, the prior in the second. */
async function compare(page) {
  await page.keyboard.press('KeyM')
  await page.keyboard.press('KeyB')
  await page.waitForTimeout(5_000)
}

/** The bones of the CT, turned a little. */
async function volume(page) {
  const [{ uid }] = await studiesWith(page, 'CT')
  await page.goto(`${url}/studies/${uid}`)
  await page.waitForSelector('section[data-status=ready]')
  await page.keyboard.press('Shift+Digit3')
  const painted = () => page.waitForSelector('canvas[data-painted=fine]', { timeout: 120_000 })
  await painted()
  await page.keyboard.press('ArrowLeft')
  await painted()
  await page.waitForTimeout(2_000)
}

/** A structure of the CT that is painted on two slices, and filled between; it is taken away after. */
async function segments(page) {
  const [{ uid }] = await studiesWith(page, 'CT')
  await emptied(page, `/api/studies/${uid}/segments`, { segments: [] })
  await page.goto(`${url}/studies/${uid}`)
  await page.waitForSelector('section[data-status=ready]')
  await page.waitForTimeout(3_000)
  await page.keyboard.press('Shift+KeyB')
  await page.waitForTimeout(1_500)
  const { x, y, width, height } = await page.locator('section[data-status=ready]').first().boundingBox()
  const paint = async () => {
    await page.mouse.move(x + 0.47 * width, y + 0.5 * height)
    await page.mouse.down()
    for (const [column, row] of [
      [0.53, 0.49],
      [0.54, 0.52],
      [0.47, 0.52],
      [0.47, 0.505],
      [0.53, 0.505],
    ])
      await page.mouse.move(x + column * width, y + row * height, { steps: 6 })
    await page.mouse.up()
  }
  await paint()
  for (let slice = 0; slice < 4; slice++) await page.keyboard.press('ArrowDown')
  await page.waitForTimeout(800)
  await paint()
  await page.keyboard.press('Shift+KeyF')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await page.waitForTimeout(6_000)
}

/** Planes through the CT, two of them turned about the axial one. */
async function planes(page) {
  await page.keyboard.press('BracketLeft')
  await page.keyboard.press('Digit6')
  await page.keyboard.press('KeyN')
  await page.waitForFunction(() => document.querySelectorAll('[data-plane]').length === 3)
  await page.waitForTimeout(12_000)
  const hold = page.locator('[data-pane="0"] [data-hold="2 end"]').first()
  await hold.waitFor({ state: 'attached', timeout: 60_000 })
  // An upright line has no width, and so no box of its own for the browser's driver.
  const end = await hold.evaluate((line) => line.getBoundingClientRect().toJSON())
  const [x, y] = [end.x + end.width / 2, end.y + end.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 50, y, { steps: 8 })
  await page.mouse.up()
  await page.mouse.move(5, 500)
  await page.waitForTimeout(3_000)
}
