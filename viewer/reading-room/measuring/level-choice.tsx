import type { ReactNode } from 'react'
import { corrected, type VertebraGeometry } from '../../../core/measurements/spine-labels.ts'
import { VERTEBRAL_LEVELS, vertebralLevel } from '../../../core/measurements/vertebrae.ts'
import { useTexts } from '../../locales/texts-context.tsx'
import type { Mark } from '../../marks/mark.ts'
import type { MarkStore } from '../../marks/mark-store.ts'
import { spineLabels } from '../../marks/spine-labels.ts'

type VertebraMark = Mark & { readonly geometry: VertebraGeometry }

export const isVertebra = (mark: Mark): mark is VertebraMark => mark.geometry.kind === 'vertebra'

interface LevelChoiceProps {
  readonly mark: VertebraMark
  readonly store: MarkStore
  readonly className: string | undefined
}

/** Corrects which vertebra a label names, and those that were counted from it. */
export function LevelChoice({ mark, store, className }: LevelChoiceProps): ReactNode {
  const { t } = useTexts()
  return (
    <select
      className={className}
      aria-label={t('measuring.level')}
      value={mark.geometry.level}
      onChange={(event) => {
        const level = vertebralLevel(event.target.value)
        if (level === undefined) return
        const moved = corrected(spineLabels(store.list()), mark.trackingUid, level)
        store.putAll(
          store.list().flatMap((each) => {
            const next = moved.get(each.trackingUid)
            return next !== undefined && isVertebra(each)
              ? [{ ...each, geometry: { ...each.geometry, level: next } }]
              : []
          }),
        )
      }}
    >
      {VERTEBRAL_LEVELS.map((level) => (
        <option key={level}>{level}</option>
      ))}
    </select>
  )
}
