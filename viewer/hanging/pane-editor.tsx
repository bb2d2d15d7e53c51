import type { ReactNode } from 'react'
import {
  COMPUTED_VIEWS,
  type HangingLook,
  type HangingOver,
  type HangingPane,
} from '../../core/contract/hanging.ts'
import { COLOUR_MAPS } from '../../core/volume/colour-map.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { changed } from './changed.ts'
import styles from './editor.module.css'
import { Check, NumberField, SelectField } from './form-fields.tsx'
import { WishList } from './wish-list.tsx'

interface PaneEditorProps {
  readonly pane: HangingPane
  readonly onChange: (pane: HangingPane) => void
}

/** What a pane shows, the best first, what of it, what lies over it, and how. */
export function PaneEditor({ pane, onChange }: PaneEditorProps): ReactNode {
  const { t } = useTexts()
  const set = (parts: Parameters<typeof changed<HangingPane>>[1]): void => onChange(changed(pane, parts))
  const repeats = pane.computed !== undefined || pane.over !== undefined
  return (
    <>
      <h4 className={styles.part}>
        {t('hanging.wishes')} <span>{t('hanging.wishes-text')}</span>
      </h4>
      <WishList wants={pane.wants} onChange={(wants) => set({ wants })} />
      <div className={styles.fields}>
        <SelectField
          label={t('hanging.computed')}
          value={pane.computed ?? ''}
          options={[
            ['', t('hanging.computed-none')],
            ...COMPUTED_VIEWS.map((view) => [view, t(`hanging.computed-${view}`)] as const),
          ]}
          onChange={(view) => set({ computed: view === '' ? undefined : view })}
        />
      </div>
      <div className={styles.checks}>
        {!repeats && (
          <Check
            label={t('hanging.again')}
            checked={pane.again ?? false}
            onChange={(on) => set({ again: on ? true : undefined })}
          />
        )}
        <Check
          label={t('hanging.over')}
          checked={pane.over !== undefined}
          onChange={(on) => set({ over: on ? { wants: [{ modality: ['PT'] }] } : undefined })}
        />
      </div>
      {pane.over !== undefined && <OverFields over={pane.over} onChange={(over) => set({ over })} />}
      <h4 className={styles.part}>{t('hanging.look')}</h4>
      <LookFields
        look={pane.look ?? {}}
        onChange={(look) => set({ look: Object.keys(look).length === 0 ? undefined : look })}
      />
    </>
  )
}

/** What lies over the series of the pane, and in which colours. */
function OverFields({
  over,
  onChange,
}: {
  over: HangingOver
  onChange: (over: HangingOver) => void
}): ReactNode {
  const { t } = useTexts()
  const set = (parts: Parameters<typeof changed<HangingOver>>[1]): void => onChange(changed(over, parts))
  return (
    <>
      <h4 className={styles.part}>
        {t('hanging.over-wishes')} <span>{t('hanging.wishes-text')}</span>
      </h4>
      <WishList wants={over.wants} least={1} onChange={(wants) => set({ wants })} />
      <div className={styles.fields}>
        <SelectField
          label={t('hanging.over-colours')}
          value={over.map ?? ''}
          options={[
            ['', t('hanging.as-suits')],
            ...COLOUR_MAPS.map((map) => [map, t(`fusion.map-${map}`)] as const),
          ]}
          onChange={(map) => set({ map: map === '' ? undefined : map })}
        />
        <NumberField
          label={t('hanging.over-opacity')}
          hint={t('hanging.as-suits')}
          value={over.opacity === undefined ? undefined : Math.round(over.opacity * 100)}
          onChange={(percent) =>
            set({
              opacity: percent === undefined ? undefined : Math.min(100, Math.max(10, percent)) / 100,
            })
          }
        />
        <NumberField
          label={t('hanging.over-upper')}
          hint={t('hanging.as-suits')}
          value={over.upper}
          onChange={(most) => set({ upper: most })}
        />
      </div>
    </>
  )
}

function LookFields({
  look,
  onChange,
}: {
  look: HangingLook
  onChange: (look: HangingLook) => void
}): ReactNode {
  const { t } = useTexts()
  const set = (parts: Parameters<typeof changed<HangingLook>>[1]): void => onChange(changed(look, parts))
  const { window } = look
  const setWindow = (width: number | undefined, center: number | undefined): void =>
    set({ window: width === undefined || width <= 0 ? undefined : { width, center: center ?? 0 } })
  return (
    <>
      <div className={styles.fields}>
        <NumberField
          label={t('hanging.window-width')}
          hint={t('hanging.as-filed')}
          value={window?.width}
          onChange={(width) => setWindow(width, window?.center)}
        />
        <NumberField
          label={t('hanging.window-center')}
          hint={t('hanging.as-filed')}
          value={window?.center}
          onChange={(center) => setWindow(window?.width, center)}
        />
        <NumberField
          label={t('hanging.uptake')}
          hint={t('hanging.as-filed')}
          value={look.uptake?.upper}
          onChange={(most) =>
            set({ uptake: most === undefined || most <= 0 ? undefined : { lower: 0, upper: most } })
          }
        />
        <SelectField
          label={t('hanging.rotation')}
          value={String(look.rotation ?? 0)}
          options={([0, 90, 180, 270] as const).map(
            (degrees) =>
              [
                String(degrees),
                degrees === 0 ? t('hanging.rotation-none') : t('hanging.rotation-by', { degrees }),
              ] as const,
          )}
          onChange={(degrees) =>
            set({ rotation: ([90, 180, 270] as const).find((each) => String(each) === degrees) })
          }
        />
        <SelectField
          label={t('hanging.fit')}
          value={look.fit ?? 'fit'}
          options={(['fit', 'one-to-one', 'real-size'] as const).map(
            (fit) => [fit, t(`hanging.fit-${fit}`)] as const,
          )}
          onChange={(fit) => set({ fit })}
        />
        <SelectField
          label={t('hanging.align')}
          value={look.align ?? 'centre'}
          options={(['centre', 'left', 'right'] as const).map(
            (align) => [align, t(`hanging.align-${align}`)] as const,
          )}
          onChange={(align) => set({ align: align === 'centre' ? undefined : align })}
        />
      </div>
      <div className={styles.checks}>
        <Check
          label={t('hanging.invert')}
          checked={look.invert ?? false}
          onChange={(on) => set({ invert: on ? true : undefined })}
        />
        {look.orientation === undefined ? (
          <>
            <Check
              label={t('hanging.flip-horizontal')}
              checked={look.flipHorizontal ?? false}
              onChange={(on) => set({ flipHorizontal: on ? true : undefined })}
            />
            <Check
              label={t('hanging.flip-vertical')}
              checked={look.flipVertical ?? false}
              onChange={(on) => set({ flipVertical: on ? true : undefined })}
            />
          </>
        ) : (
          <Check
            label={t('hanging.by-file', { row: look.orientation[0], column: look.orientation[1] })}
            checked
            onChange={() => set({ orientation: undefined })}
          />
        )}
      </div>
    </>
  )
}
