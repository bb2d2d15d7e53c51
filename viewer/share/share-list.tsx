import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { RenewedCode, ShareOpenings, SharePage, type ShareView } from '../../core/contract/sharing.ts'
import { useApi } from '../client/client-context.tsx'
import { listenToEvents } from '../client/live-events.ts'
import { errorText } from '../locales/error-text.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { displayLocalTime, displayMoment } from '../ui/dates.ts'
import { useToast } from '../ui/toast.tsx'
import { RefusedImages } from './refused-images.tsx'
import styles from './share.module.css'

/** While a copy is made. Milliseconds. */
const PREPARING_MS = 1500

interface ShareListProps {
  /** Whose links: of a study, or all of the reader's. */
  readonly path: string
  /** Says of which study each is, and what to show when there is none. */
  readonly whole?: { readonly none: ReactNode }
}

/** Links: for whom, how often opened, until when; and their end. */
export function ShareList({ path, whole }: ShareListProps): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['shares', path],
    queryFn: ({ signal }) => api.call('GET', path, { answer: SharePage, signal }),
    refetchInterval: ({ state }) =>
      state.data?.shares.some((share) => share.state === 'preparing') === true ? PREPARING_MS : false,
  })
  useEffect(
    () =>
      listenToEvents((event) => {
        if (event.kind === 'share' || event.kind === 'gap')
          void queries.invalidateQueries({ queryKey: ['shares'] })
      }),
    [queries],
  )
  if (query.isError) return <p role="alert">{errorText(t, query.error)}</p>
  const shares = query.data?.shares ?? []
  if (query.isSuccess && shares.length === 0) return whole?.none ?? null
  return (
    <section className={styles.list} aria-label={t('share.links')} aria-busy={query.isPending}>
      {whole === undefined && <h3>{t('share.links')}</h3>}
      <ul>
        {shares.map((share) => (
          <ShareLine key={share.shareId} share={share} withStudy={whole !== undefined} />
        ))}
      </ul>
    </section>
  )
}

function ShareLine({
  share,
  withStudy,
}: {
  readonly share: ShareView
  readonly withStudy: boolean
}): ReactNode {
  const { t, language } = useTexts()
  const api = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const [isOpened, setIsOpened] = useState(false)
  const [code, setCode] = useState<string>()
  const path = `/api/shares/${share.shareId}`
  const changed = (): Promise<void> => queries.invalidateQueries({ queryKey: ['shares'] })
  const fail = (error: unknown): void => toast({ tone: 'danger', text: errorText(t, error) })
  const revoke = useMutation({
    mutationFn: () => api.call('DELETE', path),
    onSuccess: () => {
      toast({ tone: 'ok', text: t('share.revoked', { name: share.recipientName }) })
      return changed()
    },
    onError: fail,
  })
  const renew = useMutation({
    mutationFn: () => api.call('POST', `${path}/code`, { answer: RenewedCode }),
    onSuccess: (answer) => {
      setCode(answer.code)
      return changed()
    },
    onError: fail,
  })
  const isOver = share.state === 'revoked' || share.state === 'expired' || share.state === 'failed'
  const facts = [
    share.state === 'preparing'
      ? t('share.preparing', { done: share.instancesDone, total: share.instancesTotal })
      : t('share.opens', { count: share.opens }),
    ...(share.lastOpenedAt === null
      ? []
      : [t('share.last-opened', { when: displayMoment(share.lastOpenedAt, Date.now(), language) })]),
    t('share.until-when', { until: displayLocalTime(share.expiresAt) }),
    ...share.rights.map((right) => t(`share.right.${right}`)),
    ...(share.deidentified ? [t('share.is-deidentified')] : []),
    ...(share.partial ? [t('share.is-partial')] : []),
  ]
  return (
    <li className={isOver ? styles.over : undefined}>
      <div className={styles.who}>
        <b>{share.recipientName}</b>
        <span className={classNames(styles.state, styles[share.state])}>
          {t(`share.state.${share.state}`)}
        </span>
        {withStudy && (
          <Link
            to="/studies/$studyInstanceUid"
            params={{ studyInstanceUid: share.studyInstanceUid }}
            className={styles.study}
          >
            {t('share.study')}
          </Link>
        )}
      </div>
      <p className={styles.facts}>{facts.join(' · ')}</p>
      <RefusedImages refused={share.refused} />
      {code !== undefined && (
        <p role="status" className={styles.code}>
          {code}
        </p>
      )}
      <div className={styles.deeds}>
        {share.opens > 0 && (
          <Button kind="quiet" aria-expanded={isOpened} onClick={() => setIsOpened(!isOpened)}>
            {t('share.openings')}
          </Button>
        )}
        {share.lock === 'code' && !isOver && (
          <Button kind="quiet" disabled={renew.isPending} onClick={() => renew.mutate()}>
            {t('share.new-code')}
          </Button>
        )}
        {!isOver && (
          <Button kind="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
            {t('share.revoke')}
          </Button>
        )}
      </div>
      {isOpened && <Openings path={`${path}/openings`} />}
    </li>
  )
}

function Openings({ path }: { readonly path: string }): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const { data } = useQuery({
    queryKey: ['shares', path],
    queryFn: ({ signal }) => api.call('GET', path, { answer: ShareOpenings, signal }),
  })
  return (
    <ul className={styles.openings}>
      {data?.openings.map((opening) => (
        <li key={opening.openedAt}>
          <time dateTime={opening.openedAt}>{displayLocalTime(opening.openedAt)}</time>
          {' · '}
          {opening.address ?? t('share.address-unknown')}
          {opening.userAgent !== null && <span>{` · ${opening.userAgent}`}</span>}
        </li>
      ))}
    </ul>
  )
}
