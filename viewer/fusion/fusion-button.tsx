import { Blend } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTexts } from '../locales/texts-context.tsx'
import { IconButton } from '../ui/button.tsx'
import { useKeyboard, type KeyBinding } from '../ui/keyboard.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
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
  useKeyboard(isPainting ? [] : fusionKeys(fusion))
  return (
    <Tooltip text={t('fusion.toggle')} shownKey="⇧F">
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

function fusionKeys(fusion: Fusion): KeyBinding[] {
  const group = 'reading.group-look'
  const toggle: KeyBinding = {
    code: 'KeyF',
    shift: true,
    shown: '⇧F',
    text: 'fusion.toggle',
    group,
    run: () => fusion.toggle(),
  }
  if (fusion.overlay === undefined) return [toggle]
  const key = (code: string, shown: string, text: KeyBinding['text'], run: () => void): KeyBinding => ({
    code,
    shift: true,
    shown,
    text,
    group,
    repeats: true,
    run,
  })
  return [
    toggle,
    key('Period', '⇧.', 'fusion.stronger', () => fusion.fade(1)),
    key('Comma', '⇧,', 'fusion.fainter', () => fusion.fade(-1)),
    key('BracketRight', '⇧]', 'fusion.wider', () => fusion.widen(1)),
    key('BracketLeft', '⇧[', 'fusion.narrower', () => fusion.widen(-1)),
    { ...key('KeyH', '⇧H', 'fusion.next-map', () => fusion.nextMap()), repeats: false },
  ]
}
