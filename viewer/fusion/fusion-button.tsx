import { Blend } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { IconButton } from '../ui/button.tsx'
import { useKeyboard, useShownKeys } from '../ui/keyboard.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { fusionKeys } from './fusion-keys.ts'
import type { Fusion } from './use-fusion.ts'

/** Fusion in the bar, with its keys. */
export function FusionButton({
  fusion,
  isPainting,
}: {
  readonly fusion: Fusion
  /** The keys of painting, some of which are the same, go first. */
  readonly isPainting: boolean
}): ReactNode {
  const { t } = useTexts()
  const keyOf = useShownKeys()
  useKeyboard(isPainting ? [] : fusionKeys(fusion))
  return (
    <Tooltip text={t('fusion.toggle')} shownKey={keyOf('fusion.toggle')}>
      <IconButton
        label={t('fusion.toggle')}
        pressed={fusion.overlay !== undefined}
        aria-busy={fusion.isChoosing}
        onClick={() => fusion.toggle()}
      >
        <Blend size={18} strokeWidth={1.75} />
      </IconButton>
    </Tooltip>
  )
}
