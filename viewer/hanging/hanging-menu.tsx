import { ChevronDown } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { StudyOpening } from '../../core/contract/api.ts'
import type { HangingProtocol } from '../../core/contract/hanging.ts'
import { firstString } from '../../core/dicom/dicom-json.ts'
import { Tag } from '../../core/dicom/tag.ts'
import { useTexts } from '../locales/texts-context.tsx'
import type { HangingSeries } from '../../core/reading/hanging-protocol.ts'
import type { FusionLooks } from '../fusion/fusion-looks.ts'
import { partsOf } from '../fusion/overlay-choice.ts'
import { computedIn, overlayIn, seriesIn } from '../reading-room/pane-content.ts'
import { paneCount, type Arrangement } from '../reading-room/pane-layout.ts'
import { uptakeOfWindow } from '../reading-room/uptake-window.ts'
import type { Panes } from '../reading-room/use-panes.ts'
import { Button } from '../ui/button.tsx'
import { useKeyboard, useShownKeys } from '../ui/keyboard.tsx'
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { hangingKeys } from './hanging-keys.ts'
import styles from './hanging-menu.module.css'
import { useProtocolNames } from './protocol-names.ts'
import { changed } from './changed.ts'
import { remembered, type ShownPane } from './remember.ts'
import type { Hanging } from './use-hanging.ts'

const ProtocolDialog = lazy(() =>
  import('./protocol-dialog.tsx').then((module) => ({ default: module.ProtocolDialog })),
)

interface HangingMenuProps {
  readonly hanging: Hanging
  readonly arrangement: Arrangement
  readonly panes: Panes
  readonly opening: StudyOpening
  readonly linked: boolean
  /** Of what lies over panes. */
  readonly looks: FusionLooks
}

/** By which protocol the study hangs, as a quiet word; what else it could hang by, and how to keep what is on screen. */
export function HangingMenu({
  hanging,
  arrangement,
  panes,
  opening,
  linked,
  looks,
}: HangingMenuProps): ReactNode {
  const { t } = useTexts()
  const names = useProtocolNames()
  const keyOf = useShownKeys()
  const [open, setOpen] = useState(false)
  const [dialog, setDialog] = useState<{ readonly example?: HangingProtocol }>()
  const { current, stages, stage, matching } = hanging
  useKeyboard(hangingKeys({ step: hanging.step, choose: () => setOpen(true) }))

  function example(): HangingProtocol {
    const seriesOf = (uid: string | undefined): HangingSeries | undefined =>
      hanging.series.find(({ seriesInstanceUid }) => seriesInstanceUid === uid)
    const overOf = (overlay: string | undefined): ShownPane['over'] => {
      const series = overlay === undefined ? undefined : seriesOf(partsOf(overlay).series)
      if (overlay === undefined || series === undefined) return undefined
      const { map, opacity, lower, upper } = looks.of(overlay, looks.rangeOf(overlay)?.kind ?? 'other')
      return changed<NonNullable<ShownPane['over']>>({ series, map, opacity }, { lower, upper })
    }
    const shown = Array.from({ length: paneCount(arrangement.layout) }, (_, pane): ShownPane => {
      const { state, viewport } = panes.handle(pane)
      const content = arrangement.series[pane]
      const uid = seriesIn(content)
      const image = state.current?.image
      return {
        series: seriesOf(uid),
        computed: computedIn(content),
        over: overOf(overlayIn(content)),
        sopInstanceUid: image && firstString(image.metadata, Tag.SOPInstanceUID),
        choice: state.current?.choice,
        uptake: uptakeOfWindow(state.current?.choice.window, image),
        presented: viewport.current?.presented(),
        look: hanging.lookOf(pane, uid)?.look,
      }
    })
    return remembered(opening, arrangement.layout, shown, linked)
  }

  const name = current === undefined ? t('hanging.none') : names.of(current)
  const place =
    stages.length > 1 ? t('hanging.stage-of', { number: stage + 1, count: stages.length }) : undefined
  return (
    <>
      <Menu
        leavesFocus
        open={open}
        onOpenChange={setOpen}
        trigger={
          <Button
            kind="quiet"
            className={styles.trigger}
            aria-label={t('hanging.menu-of', { name })}
            data-hanging={current?.id}
            data-stage={stage + 1}
          >
            <Tooltip text={t('hanging.menu')} shownKey={keyOf('hanging.menu')}>
              <span className={styles.words}>
                <span className={styles.name}>
                  {hanging.isArranged ? t('hanging.arranged', { name }) : name}
                </span>
                {place !== undefined && <span className={styles.stage}>{place}</span>}
              </span>
            </Tooltip>
            <ChevronDown size={12} strokeWidth={1.75} />
          </Button>
        }
      >
        <MenuLabel>{t('hanging.menu')}</MenuLabel>
        {matching.map((each) => (
          <MenuChoice key={each.id} chosen={each.id === current?.id} onSelect={() => hanging.choose(each.id)}>
            <span className={styles.choice}>
              {names.of(each)}
              <span>{names.owner(each.owner)}</span>
            </span>
          </MenuChoice>
        ))}
        {stages.length > 1 && (
          <>
            <MenuSeparator />
            <MenuItem trailing="." onSelect={() => hanging.step(1)}>
              {t('hanging.next-stage')}
            </MenuItem>
            <MenuItem trailing="," onSelect={() => hanging.step(-1)}>
              {t('hanging.previous-stage')}
            </MenuItem>
          </>
        )}
        <MenuSeparator />
        <MenuItem onSelect={() => setDialog({ example: example() })}>{t('hanging.remember')}</MenuItem>
        <MenuItem onSelect={() => setDialog({})}>{t('hanging.manage')}</MenuItem>
      </Menu>
      {dialog !== undefined && (
        <Suspense>
          <ProtocolDialog
            protocols={hanging.protocols}
            {...dialog}
            onSaved={(id) => hanging.choose(id)}
            onClose={() => setDialog(undefined)}
          />
        </Suspense>
      )}
    </>
  )
}
