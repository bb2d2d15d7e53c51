/** Of which series renditions are kept: they can always be made again, and cost about a third of what native pixels do. */
export interface RenditionPolicy {
  readonly enabled: boolean
  /** Days since the last instance of the series arrived, or somebody wished for its renditions; undefined: however old. */
  readonly maxAgeDays: number | undefined
  /** DICOM modalities, upper case; undefined: all. */
  readonly modalities: readonly string[] | undefined
}

const NONE: RenditionPolicy = { enabled: false, maxAgeDays: undefined, modalities: undefined }
const ALL: RenditionPolicy = { ...NONE, enabled: true }

/** `on`, `off`, `90d`, `CT,MR` or `90d/CT,MR`; undefined for anything else. */
export function parseRenditionPolicy(text: string): RenditionPolicy | undefined {
  if (text === 'on') return ALL
  if (text === 'off') return NONE
  const list = '[A-Z]{2,16}(?:,[A-Z]{2,16})*'
  const match = new RegExp(`^(?:(\\d{1,5})d(?:/(${list}))?|(${list}))$`).exec(text)
  if (match === null) return undefined
  const [, days, both, alone] = match
  const modalities = both ?? alone
  return {
    enabled: true,
    maxAgeDays: days === undefined ? undefined : Number(days),
    modalities: modalities?.split(','),
  }
}

/** The policy as a condition on `series se`, with the values of its `$n` from `first` on. */
export function wantedSeries(
  policy: RenditionPolicy,
  first: number,
): { sql: string; values: (number | readonly string[] | null)[] } {
  if (!policy.enabled) return { sql: 'false', values: [] }
  return {
    sql: `($${first}::integer is null or greatest(se.last_received_at, se.renditions_wished_at) > now() - make_interval(days => $${first}))
      and ($${first + 1}::text[] is null or se.modality = any($${first + 1}))`,
    values: [policy.maxAgeDays ?? null, policy.modalities ?? null],
  }
}
