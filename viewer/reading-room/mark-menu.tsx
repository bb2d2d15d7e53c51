import {
  ArrowUpLeft,
  Bone,
  ChevronDown,
  Circle,
  Crosshair,
  Egg,
  HeartPulse,
  Lasso,
  MoveDiagonal,
  Ruler,
  RulerDimensionLine,
  Square,
  Tally2,
  TriangleRight,
} from 'lucide-react'
import type { ComponentType, ReactNode } from 'react'
import type { MarkKind } from '../imaging/marks/geometry-of.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { classNames } from '../ui/class-names.ts'
import { Button } from '../ui/button.tsx'
import { useShownKeys } from '../ui/keyboard.tsx'
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import styles from './mark-menu.module.css'
import { MARK_KEYS } from './mark-keys.ts'

const ICONS: Readonly<Record<MarkKind, ComponentType<{ size?: number; strokeWidth?: number }>>> = {
  length: Ruler,
  bidirectional: MoveDiagonal,
  angle: TriangleRight,
  cobb: Tally2,
  ellipse: Egg,
  circle: Circle,
  rectangle: Square,
  freehand: Lasso,
  probe: Crosshair,
  arrow: ArrowUpLeft,
  cardiothoracic: HeartPulse,
  vertebra: Bone,
  'known-length': RulerDimensionLine,
}

interface MarkMenuProps {
  /** Undefined: the first button of the mouse does something else. */
  readonly chosen: MarkKind | undefined
  readonly onChoose: (kind: MarkKind) => void
  /** Takes the millimetres of the detector, or no more. */
  readonly onDetector: () => void
}

/** The tools that measure, each with its key. The button shows the one in hand. */
export function MarkMenu({ chosen, onChoose, onDetector }: MarkMenuProps): ReactNode {
  const { t } = useTexts()
  const keyOf = useShownKeys()
  const Icon = ICONS[chosen ?? 'length']
  return (
    <Menu
      leavesFocus
      align="start"
      trigger={
        <Button
          kind="quiet"
          className={classNames(styles.trigger, chosen !== undefined && styles.chosen)}
          aria-label={chosen === undefined ? t('reading.measure') : t(`reading.mark-${chosen}`)}
        >
          <Icon size={18} strokeWidth={1.75} />
          <ChevronDown size={12} strokeWidth={1.75} />
        </Button>
      }
    >
      {MARK_KEYS.map(({ kind }) => {
        const Own = ICONS[kind]
        return (
          <MenuChoice key={kind} chosen={kind === chosen} onSelect={() => onChoose(kind)}>
            <span className={styles.tool}>
              <Own size={16} strokeWidth={1.75} />
              {t(`reading.mark-${kind}`)}
              <kbd>{keyOf(`reading.mark-${kind}`)}</kbd>
            </span>
          </MenuChoice>
        )
      })}
      <MenuSeparator />
      <MenuItem onSelect={onDetector}>{t('measuring.detector')}</MenuItem>
    </Menu>
  )
}
