// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { Language } from '../../../viewer/locales/language.ts'
import en from '../../../viewer/locales/en/shell.json' with { type: 'json' }
import zh from '../../../viewer/locales/zh-CN/shell.json' with { type: 'json' }
import { TextsProvider } from '../../../viewer/locales/texts-context.tsx'
import { Texts } from '../../../viewer/locales/texts.ts'
import { PatientStrip } from '../../../viewer/reading-room/patient-strip.tsx'

afterEach(cleanup)

const study = {
  patientId: 'P1',
  patientName: { Alphabetic: 'Wang^Fang', Ideographic: '王^芳' },
  patientBirthDate: '',
  studyDate: '',
  studyDescription: '',
}

async function facts(language: Language, patientSex: string): Promise<string[]> {
  const texts = new Texts(language, (of) => Promise.resolve(of === 'en' ? en : zh))
  await texts.loadAreas('shell')
  const { container } = render(
    <TextsProvider texts={texts}>
      <PatientStrip study={{ ...study, patientSex }} />
    </TextsProvider>,
  )
  return [...container.querySelectorAll('p:last-child > span')].map((span) => span.textContent)
}

describe('the strip that says whose images these are', () => {
  it.each([
    ['en', 'F', 'F'],
    ['zh-CN', 'F', '女'],
    ['zh-CN', 'M', '男'],
    ['zh-CN', 'O', '其他'],
    // Not of the standard: shown as it is, and not looked up.
    ['zh-CN', 'toString', 'toString'],
  ] as const)('says in %s of what sex the patient is: %s', async (language, sex, shown) => {
    expect(await facts(language, sex)).toContain(shown)
  })
})
