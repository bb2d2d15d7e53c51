import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { PLANES, WISH_ORDERS, type Wish } from '../../core/contract/hanging.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { changed } from './changed.ts'
import styles from './editor.module.css'
import { Check, ListField, NumberField, SelectField } from './form-fields.tsx'
import { wishText } from './wish-text.ts'

const MOST_WISHES = 8
const orNone = (list: string[]): string[] | undefined => (list.length === 0 ? undefined : list)

interface WishListProps {
  readonly wants: readonly Wish[]
  /** At least so many stay. */
  readonly least?: number
  readonly onChange: (wants: Wish[]) => void
}

/** Series that are wanted, the best first. */
export function WishList({ wants, least = 0, onChange }: WishListProps): ReactNode {
  const { t } = useTexts()
  return (
    <>
      {wants.map((wish, at) => (
        // A wish has no name of its own: one that is taken out takes its fields' text with it.
        <div key={`${at} of ${wants.length}`} className={styles.wish}>
          <details open={at === 0}>
            <summary>
              {at > 0 && <span>{t('hanging.wish-or')} </span>}
              {wishText(t, wish)}
            </summary>
            <WishFields
              wish={wish}
              onChange={(next) => onChange(wants.map((each, index) => (index === at ? next : each)))}
            />
          </details>
          <IconButton
            label={t('hanging.remove-wish')}
            disabled={wants.length <= least}
            onClick={() => onChange(wants.filter((_, index) => index !== at))}
          >
            <X size={16} strokeWidth={1.75} />
          </IconButton>
        </div>
      ))}
      <Button
        kind="quiet"
        disabled={wants.length >= MOST_WISHES}
        onClick={() => onChange([...wants, wants.at(-1) ?? {}])}
      >
        <Plus size={16} strokeWidth={1.75} /> {t('hanging.add-wish')}
      </Button>
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
      <Field
        label={t('hanging.one-frame-with')}
        placeholder={t('hanging.one-frame-with-hint')}
        autoComplete="off"
        maxLength={16}
        value={wish.oneFrameWith ?? ''}
        onChange={({ target }) =>
          set({ oneFrameWith: target.value.trim() === '' ? undefined : target.value.trim().toUpperCase() })
        }
      />
      <div className={styles.checks}>
        <Check
          label={t('hanging.attenuation-corrected')}
          checked={wish.attenuationCorrected ?? false}
          onChange={(on) => set({ attenuationCorrected: on ? true : undefined })}
        />
      </div>
    </div>
  )
}

const upper = (list: string[]): string[] => list.map((code) => code.toUpperCase())
