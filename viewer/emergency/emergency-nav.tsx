import { Link, useRouterState } from '@tanstack/react-router'
import { Siren } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { listenToEvents } from '../client/live-events.ts'
import { useTexts } from '../locales/texts-context.tsx'
import { IconButton } from '../ui/button.tsx'
import { useShownKeys } from '../ui/keyboard.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useAskEmergency, useEmergencyNews, useEmergencyStore } from './emergency-context.ts'
import styles from './emergency.module.css'

/** In the bar at the top: how many accesses wait for a review, and the button that asks for one. */
export function EmergencyNav(): ReactNode {
  const { t } = useTexts()
  const news = useEmergencyNews()
  const ask = useAskEmergency()
  const keyOf = useShownKeys()
  useStreamOfOwn()
  const waiting = news?.waiting ?? 0
  return (
    <>
      <span className="visually-hidden" role="status">
        {waiting > 0 && t('shell.emergency.waiting', { count: waiting })}
      </span>
      {waiting > 0 && (
        <Link
          to="/admin/emergency"
          className={styles.badge}
          title={t('shell.emergency')}
          aria-label={t('shell.emergency.waiting', { count: waiting })}
        >
          <Siren size={14} strokeWidth={2} aria-hidden="true" />
          {waiting}
        </Link>
      )}
      {ask !== undefined && (
        <Tooltip text={t('shell.emergency')} shownKey={keyOf('shell.emergency')}>
          <IconButton label={t('shell.emergency')} onClick={() => ask()}>
            <Siren size={20} strokeWidth={1.5} />
          </IconButton>
        </Tooltip>
      )}
    </>
  )
}

/** The worklist and the reading room have a stream already, and tell what they hear; other pages have none. */
function useStreamOfOwn(): void {
  const store = useEmergencyStore()
  const onWorklist = useRouterState({ select: ({ location }) => location.pathname === '/' })
  useEffect(() => {
    if (store === undefined || !store.concerns || onWorklist) return
    return listenToEvents((event) => store.hear(event))
  }, [store, onWorklist])
}
