import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  PLANES,
  WISH_ORDERS,
  type HangingLook,
  type HangingPane,
  type Wish,
} from '../../core/contract/hanging.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { changed } from './changed.ts'
import styles from './editor.module.css'
import { wishText } from './wish-text.ts'
import { Check, ListField, NumberField, SelectField } from './form-fields.tsx'

const MOST_WISHES = 8
const orNone = (list: string[]): string[] | undefined => (list.length === 0 ? undefined : list)

interface PaneEditorProps {
  readonly pane: HangingPane
  readonly onChange: (pane: HangingPane) => void
}

/** What a pane shows, the best first, and how. */
export function PaneEditor({ pane, onChange }: PaneEditorProps): ReactNode {
  const { t } = useTexts()
  const { wants } = pane
  const setWant = (at: number, wish: Wish): void =>
    onChange({ ...pane, wants: wants.map((each, index) => (index === at ? wish : each)) })
  return (
    <>
      <h4 className={styles.part}>
        {t('hanging.wishes')} <span>{t('hanging.wishes-text')}</span>
      </h4>
      {wants.map((wish, at) => (
        // A wish has no name of its own: one that is taken out takes its fields' text with it.
        <div key={`${at} of ${wants.length}`} className={styles.wish}>
          <details open={at === 0}>
            <summary>
              {at > 0 && <span>{t('hanging.wish-or')} </span>}
              {wishText(t, wish)}
            </summary>
            <WishFields wish={wish} onChange={(next) => setWant(at, next)} />
          </details>
          <IconButton
            label={t('hanging.remove-wish')}
            onClick={() => onChange({ ...pane, wants: wants.filter((_, index) => index !== at) })}
          >
            <X size={16} strokeWidth={1.75} />
          </IconButton>
        </div>
      ))}
      <Button
        kind="quiet"
        disabled={wants.length >= MOST_WISHES}
        onClick={() => onChange({ ...pane, wants: [...wants, wants.at(-1) ?? {}] })}
      >
        <Plus size={16} strokeWidth={1.75} /> {t('hanging.add-wish')}
      </Button>
      <h4 className={styles.part}>{t('hanging.look')}</h4>
      <LookFields
        look={pane.look ?? {}}
        onChange={(look) =>
          onChange(changed(pane, { look: Object.keys(look).length === 0 ? undefined : look }))
        }
      />
    </>
  )
}

function WishFields({ wish, onChange }: { wish: Wish; onChange: (wish: Wish) => void }): ReactNode {
  const { t } = useTexts()
  const set = (parts: Parameters<typeof changed<Wish>>[1]): void => onChange(changed(wish, parts))
  const any = ['', t('hanging.any')] as const
  return (
    <div className={styles.fields}>
      <ListField
        label={t('hanging.modality')}
        value={wish.modality}
        onChange={(list) => set({ modality: orNone(upper(list)) })}
      />
      <ListField
        label={t('hanging.words')}
        value={wish.words}
        onChange={(list) => set({ words: orNone(list) })}
      />
      <ListField
        label={t('hanging.without-words')}
        value={wish.withoutWords}
        onChange={(list) => set({ withoutWords: orNone(list) })}
      />
      <SelectField
        label={t('hanging.plane')}
        value={wish.plane ?? ''}
        options={[any, ...PLANES.map((plane) => [plane, t(`hanging.plane-${plane}`)] as const)]}
        onChange={(plane) => set({ plane: plane === '' ? undefined : plane })}
      />
      <ListField
        label={t('hanging.view')}
        value={wish.view}
        onChange={(list) => set({ view: orNone(upper(list)) })}
      />
      <SelectField
        label={t('hanging.laterality')}
        value={wish.laterality ?? ''}
        options={[
          any,
          ...(['R', 'L', 'B'] as const).map((side) => [side, t(`hanging.side-${side}`)] as const),
        ]}
        onChange={(side) => set({ laterality: side === '' ? undefined : side })}
      />
      <SelectField
        label={t('hanging.study')}
        value={String(wish.prior ?? 0)}
        options={['0', '1', '2', '3', '4'].map(
          (number) =>
            [
              number,
              number === '0' ? t('hanging.study-current') : t('hanging.study-prior', { number }),
            ] as const,
        )}
        onChange={(number) => set({ prior: number === '0' ? undefined : Number(number) })}
      />
      <SelectField
        label={t('hanging.order')}
        value={wish.order ?? 'first'}
        options={WISH_ORDERS.map((order) => [order, t(`hanging.order-${order}`)] as const)}
        onChange={(order) => set({ order: order === 'first' ? undefined : order })}
      />
      <NumberField label={t('hanging.b-value')} value={wish.bValue} onChange={(bValue) => set({ bValue })} />
    </div>
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

const upper = (list: string[]): string[] => list.map((code) => code.toUpperCase())
