import { useQuery } from '@tanstack/react-query'
import { ChartColumn } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'
import { Organisation, Usage } from '../../core/contract/organisations.ts'
import { useApi } from '../client/client-context.tsx'
import { useTexts } from '../locales/texts-context.tsx'
import { displayBytes } from '../ui/amounts.ts'
import { inputClass } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { AdminSection } from './admin-section.tsx'
import adminStyles from './admin.module.css'
import { UsageChart } from './usage-chart.tsx'
import styles from './usage.module.css'
import { Card } from './work-page.tsx'

const PERIODS = ['30', '90', '365'] as const

/** What the organisation kept and was sent, and how many people were there, by day. */
export function UsagePage(): ReactNode {
  const { t } = useTexts()
  const api = useApi()
  const id = useId()
  const [period, setPeriod] = useState<(typeof PERIODS)[number]>('30')
  const query = useQuery({
    queryKey: ['admin', 'usage', period],
    queryFn: async ({ signal }) => ({
      usage: await api.call('GET', '/api/admin/usage', { query: { days: period }, answer: Usage, signal }),
      organisation: await api.call('GET', '/api/admin/organisation', { answer: Organisation, signal }),
    }),
    placeholderData: (before) => before,
  })
  const zone = query.data?.organisation.timeZone
  return (
    <AdminSection
      title={t('organisations.usage')}
      {...(zone === undefined ? {} : { explanation: t('organisations.usage.explanation', { zone }) })}
      query={query}
      actions={
        <div className={styles.period}>
          <label htmlFor={id}>{t('organisations.usage.period')}</label>
          <select
            id={id}
            className={inputClass}
            value={period}
            onChange={(event) => setPeriod(PERIODS.find((days) => days === event.target.value) ?? '30')}
          >
            {PERIODS.map((days) => (
              <option key={days} value={days}>
                {t('organisations.usage.days', { count: Number(days) })}
              </option>
            ))}
          </select>
        </div>
      }
    >
      {({ usage }) => <Figures usage={usage} />}
    </AdminSection>
  )
}

function Figures({ usage }: { usage: Usage }): ReactNode {
  const { t, language } = useTexts()
  const { quotaBytes, keptBytes, days } = usage
  const number = (value: number): string => new Intl.NumberFormat(language).format(value)
  const isEmpty = days.every((day) => day.keptBytes === null && day.servedBytes === 0)
  if (isEmpty)
    return <Notice icon={<ChartColumn size={26} strokeWidth={1.5} />} title={t('organisations.usage.none')} />
  const dates = days.map(({ day }) => day)
  const served = days.reduce((sum, day) => sum + day.servedBytes, 0)
  const limit =
    quotaBytes === null
      ? undefined
      : { value: quotaBytes, text: t('organisations.usage.quota', { bytes: displayBytes(quotaBytes) }) }
  return (
    <>
      <dl className={adminStyles.cards}>
        <Card
          term={t('organisations.usage.kept')}
          value={displayBytes(keptBytes)}
          attention={quotaBytes !== null && keptBytes > quotaBytes * 0.9}
        />
        <Card term={t('organisations.usage.served-in-all')} value={displayBytes(served)} />
        <Card
          term={t('organisations.usage.most-people')}
          value={Math.max(...days.map((day) => day.activeUsers))}
        />
      </dl>
      <div className={styles.charts}>
        <UsageChart
          title={t('organisations.usage.kept')}
          days={dates}
          values={days.map((day) => day.keptBytes)}
          display={displayBytes}
          kind="steps"
          limit={limit}
        />
        <UsageChart
          title={t('organisations.usage.served')}
          days={dates}
          values={days.map((day) => day.servedBytes)}
          display={displayBytes}
          kind="bars"
        />
        <UsageChart
          title={t('organisations.usage.studies')}
          days={dates}
          values={days.map((day) => day.studies)}
          display={number}
          kind="steps"
        />
        <UsageChart
          title={t('organisations.usage.people')}
          days={dates}
          values={days.map((day) => day.activeUsers)}
          display={number}
          kind="bars"
        />
      </div>
      <details className={styles.table}>
        <summary>{t('organisations.usage.table')}</summary>
        <div className={adminStyles.frame}>
          <table className={adminStyles.table}>
            <thead>
              <tr>
                {(['day', 'kept', 'served', 'studies', 'people'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`organisations.usage.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map((day) => (
                <tr key={day.day}>
                  <th scope="row">{day.day}</th>
                  <td>{day.keptBytes === null ? '' : displayBytes(day.keptBytes)}</td>
                  <td>{displayBytes(day.servedBytes)}</td>
                  <td>{day.studies === null ? '' : number(day.studies)}</td>
                  <td>{number(day.activeUsers)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  )
}
