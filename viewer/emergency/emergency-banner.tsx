import { useNavigate } from '@tanstack/react-router'
import { Siren } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import type { OwnEmergency } from '../../core/contract/emergency.ts'
import { useApi } from '../client/client-context.tsx'
import { errorText } from '../locales/error-text.ts'
import { useTexts, useTextsStore, WithTexts } from '../locales/texts-context.tsx'
import { Button } from '../ui/button.tsx'
import { displayDicomDate } from '../ui/dates.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { displayPersonName } from '../ui/person-name.ts'
import { useToast } from '../ui/toast.tsx'
import { useEmergencyNews, useEmergencyStore } from './emergency-context.ts'
import styles from './emergency.module.css'

/**
 * Stays at the top while an emergency access lasts: whose, why, until when, and the way to end it. `studyInstanceUid`: the
 * study on screen, which is left when its access is over.
 */
export function EmergencyBanner({ studyInstanceUid }: { studyInstanceUid?: string }): ReactNode {
  const mine = useEmergencyNews()?.mine ?? []
  useLeaving(mine, studyInstanceUid)
  if (mine.length === 0) return null
  return (
    <WithTexts areas={['emergency']}>
      <Banners mine={mine} />
    </WithTexts>
  )
}

function Banners({ mine }: { mine: readonly OwnEmergency[] }): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  // What fills the window has that much less of it.
  useLayoutEffect(() => {
    const root = document.documentElement
    const measure = new ResizeObserver(() =>
      root.style.setProperty('--banner', `${place.current?.offsetHeight ?? 0}px`),
    )
    if (place.current !== null) measure.observe(place.current)
    return () => {
      measure.disconnect()
      root.style.removeProperty('--banner')
    }
  }, [])
  return (
    <div ref={place} className={styles.banners} role="region" aria-live="polite">
      {mine.map((emergency) => (
        <Banner key={emergency.emergencyId} emergency={emergency} />
      ))}
    </div>
  )
}

function Banner({ emergency }: { emergency: OwnEmergency }): ReactNode {
  const { t, language } = useTexts()
  const api = useApi()
  const store = useEmergencyStore()
  const toast = useToast()
  const navigate = useNavigate()
  const [isEnding, setEnding] = useState(false)
  const { patientName, patientId, reasonCode, reason, expiresAt, studies } = emergency
  const name = displayPersonName(patientName, language)
  const end = async (): Promise<void> => {
    setEnding(true)
    await api
      .call('DELETE', `/api/emergency/${emergency.emergencyId}`)
      .catch((error: unknown) => toast({ tone: 'danger', text: errorText(t, error) }))
    await store?.refresh()
    setEnding(false)
  }
  return (
    <div className={styles.banner}>
      <Siren size={16} strokeWidth={2} aria-hidden="true" />
      <b>{t('emergency.banner')}</b>
      <span className={styles.whom}>
        {name.primary} <span>{patientId}</span>
      </span>
      <span className={styles.why} title={reason}>
        {t(`emergency.reason.${reasonCode}`)} · {reason}
      </span>
      <span className={styles.until}>
        {t('emergency.banner.until', { time: clockTime(expiresAt) })} · <Left until={expiresAt} />
      </span>
      {studies.length > 0 && (
        <Menu trigger={<Button className={styles.onBanner}>{t('emergency.banner.studies')}</Button>}>
          {studies.map((study) => (
            <MenuItem
              key={study.studyInstanceUid}
              trailing={displayDicomDate(study.studyDate)}
              onSelect={() =>
                void navigate({
                  to: '/studies/$studyInstanceUid',
                  params: { studyInstanceUid: study.studyInstanceUid },
                })
              }
            >
              {[study.modalities.join(' '), study.studyDescription].filter(Boolean).join(' · ')}
            </MenuItem>
          ))}
        </Menu>
      )}
      <Button className={styles.onBanner} disabled={isEnding} onClick={() => void end()}>
        {t('emergency.end')}
      </Button>
    </div>
  )
}

/** Hours and minutes of the clock on the wall. */
export function clockTime(iso: string): string {
  const at = new Date(iso)
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':')
}

/** Counts down, in minutes and seconds. */
function Left({ until }: { until: string }): ReactNode {
  const { t } = useTexts()
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.round((Date.parse(until) - now) / 1000))
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const shown = parts
    .slice(parts[0] === 0 ? 1 : 0)
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  // Seconds are for the eye: who listens is told the time it ends at.
  return <span aria-hidden="true">{t('emergency.banner.left', { left: shown })}</span>
}

/** Leaves a study that was open under an access when that is over: nothing of it stays on the screen. */
function useLeaving(mine: readonly OwnEmergency[], studyInstanceUid: string | undefined): void {
  const navigate = useNavigate()
  const toast = useToast()
  const texts = useTextsStore()
  const isCovered = mine.some(({ studies }) =>
    studies.some((study) => study.studyInstanceUid === studyInstanceUid),
  )
  const wasCovered = useRef<string>(undefined)
  useEffect(() => {
    if (isCovered) wasCovered.current = studyInstanceUid
    else if (wasCovered.current !== undefined && wasCovered.current === studyInstanceUid) {
      wasCovered.current = undefined
      toast({ text: texts.t('emergency.ended') })
      void navigate({ to: '/' })
    }
  }, [isCovered, studyInstanceUid, navigate, toast, texts])
}
