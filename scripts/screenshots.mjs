// Takes the pictures of docs/images from a running service that has the sample studies and nothing else:
//   YUNYING_ADMIN_PASSWORD=… node scripts/screenshots.mjs http://localhost:8080
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

/** The README's. Each screen is there in both languages: look at all of them by leaving this out. */
const SHOWN = new Set(['worklist-en', 'reading-room-zh', 'comparison-en', 'planes-en'])

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
  const take = async (screen) => {
    const name = `${screen}-${locale.slice(0, 2)}`
    if (!SHOWN.has(name)) return
    const png = await page.screenshot()
    // Screens have few colours; anatomy is grey.
    await sharp(png)
      .png({ palette: true, colours: 256, effort: 10 })
      .toFile(join(folder, `${name}.png`))
  }
  await signIn(page)
  await page.waitForTimeout(2_000)
  await take('worklist')
  await readCt(page)
  await take('reading-room')
  await compare(page)
  await take('comparison')
  await planes(page)
  await take('planes')
  await context.close()
}
await browser.close()

async function signIn(page) {
  await page.goto(url)
  await page.fill('input[name=email], input[type=email]', 'admin@localhost')
  await page.fill('input[type=password]', process.env.YUNYING_ADMIN_PASSWORD ?? '')
  await page.keyboard.press('Enter')
  await page.waitForSelector('header nav')
}

/** The CT that has a prior, at a slice in its middle, with a length and an ellipse. */
async function readCt(page) {
  const uid = await page.evaluate(async () => {
    const asked = '/dicom-web/studies?ModalitiesInStudy=CT&includefield=00201208'
    const answer = await fetch(asked, { headers: { Accept: 'application/dicom+json' } })
    const value = (study, tag) => study[tag]?.Value?.[0]
    const studies = (await answer.json()).sort((a, b) =>
      value(a, '00080020') < value(b, '00080020') ? 1 : -1,
    )
    const patients = studies.map((study) => value(study, '00100020'))
    const one = studies.find(
      (study) => patients.filter((patient) => patient === value(study, '00100020')).length > 1,
    )
    return value(one ?? studies[0], '0020000D')
  })
  // What an earlier run drew.
  await page.evaluate(async (path) => {
    const draft = await (await fetch(path)).json()
    const body = JSON.stringify({ ...draft, marks: [] })
    await fetch(path, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body })
  }, `/api/studies/${uid}/draft`)
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

/** Planes through the CT, two of them turned about the axial one. */
async function planes(page) {
  await page.keyboard.press('BracketLeft')
  await page.keyboard.press('Digit6')
  await page.keyboard.press('KeyN')
  await page.waitForFunction(() => document.querySelectorAll('[data-plane]').length === 3)
  await page.waitForTimeout(12_000)
  const end = await page.locator('[data-pane="0"] [data-hold="2 end"]').first().boundingBox()
  const [x, y] = [end.x + end.width / 2, end.y + end.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 50, y, { steps: 8 })
  await page.mouse.up()
  await page.mouse.move(5, 500)
  await page.waitForTimeout(3_000)
}
