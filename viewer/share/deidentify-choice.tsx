import type { ReactNode } from 'react'
import type { CreateShare } from '../../core/contract/sharing.ts'
import { Tick } from '../export/choices.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import type { Part } from './part-choice.tsx'
import { PixelQuestion } from './pixel-question.tsx'
import styles from './share.module.css'

export type Deidentify = NonNullable<CreateShare['deidentify']>

interface DeidentifyChoiceProps {
  readonly studyInstanceUid: string
  /** Undefined: the whole study. */
  readonly part: Part | undefined
  readonly value: Deidentify
  readonly onChange: (value: Deidentify) => void
}

/** What a copy without names keeps, and the question of the images that may show one. */
export function DeidentifyChoice({
  studyInstanceUid,
  part,
  value,
  onChange,
}: DeidentifyChoiceProps): ReactNode {
  const { t } = useTexts()
  return (
    <fieldset className={classNames(styles.rights, styles.options)}>
      <legend>{t('deidentify.options')}</legend>
      <Tick
        text={t('deidentify.dates')}
        hint={t('deidentify.dates-hint')}
        checked={value.shiftDates === true}
        onChange={(shiftDates) => onChange({ ...value, shiftDates })}
      />
      <Tick
        text={t('deidentify.characteristics')}
        checked={value.keepPatientCharacteristics === true}
        onChange={(keepPatientCharacteristics) => onChange({ ...value, keepPatientCharacteristics })}
      />
      <Tick
        text={t('deidentify.descriptors')}
        hint={t('deidentify.descriptors-hint')}
        checked={value.keepDescriptors === true}
        onChange={(keepDescriptors) => onChange({ ...value, keepDescriptors })}
      />
      <PixelQuestion
        studyInstanceUid={studyInstanceUid}
        part={part}
        answer={value.pixels ?? 'exclude'}
        onAnswer={(pixels) => onChange({ ...value, pixels })}
        blackout={value.blackout ?? []}
        onBlackout={(blackout) => onChange({ ...value, blackout })}
      />
    </fieldset>
  )
}
