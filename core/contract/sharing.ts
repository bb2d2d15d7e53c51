import { z } from 'zod'
import { DeidentifyOptions } from '../deidentify/deidentify-options.ts'
import { SHARE_RIGHTS } from './share-rights.ts'

/** Links that show a study to somebody without an account. Times are ISO 8601, UTC. */

const Rights = z.array(z.enum(SHARE_RIGHTS))

/** What of the study: these series, or these instances, by UID; one of the lists is empty. */
export const ShareSelection = z.object({
  series: z.array(z.string().max(100)).max(1_000),
  instances: z.array(z.string().max(100)).max(5_000),
})

/** A rectangle in pixels of the frame, from its upper left corner. */
const Rectangle = z.object({
  x: z.number().int().min(0).max(65_535),
  y: z.number().int().min(0).max(65_535),
  width: z.number().int().min(1).max(65_535),
  height: z.number().int().min(1).max(65_535),
})

export type Rectangle = z.infer<typeof Rectangle>

/** Blacked out in every frame of the instances that are meant; those instances are then in the copy. */
const Blackout = z.object({
  seriesInstanceUid: z.string().max(100),
  rectangles: z.array(Rectangle).min(1).max(32),
  /** Only in instances whose frames are as large. */
  size: z.object({ rows: z.number().int().min(1), columns: z.number().int().min(1) }).optional(),
  /** Only in these; otherwise in all of the series. */
  instances: z.array(z.string().max(100)).max(5_000).optional(),
})
export type Blackout = z.infer<typeof Blackout>

/** How a copy is de-identified, and what a person says of the images whose pixels may name somebody. */
export const ShareDeidentify = DeidentifyOptions.extend({
  /** `exclude`: they are left out. `confirmed`: a person looked, and nobody is named in them. */
  pixels: z.enum(['exclude', 'confirmed']).default('exclude'),
  blackout: z.array(Blackout).max(500).default([]),
})
export type ShareDeidentify = z.infer<typeof ShareDeidentify>

// POST /api/studies/{study}/archive: the study, or a part of it, without names; answers a ZIP
export const ExportStudy = z.object({ deidentify: ShareDeidentify, selection: ShareSelection.optional() })
export type ExportStudy = z.infer<typeof ExportStudy>
/** About as many bytes as the ZIP will have, which nobody knows before it is made. */
export const EXPECTED_SIZE = 'Yunying-Expected-Size'

// POST /api/studies/{study}/shares
export const CreateShare = z.object({
  recipientName: z.string().trim().min(1).max(200),
  recipientEmail: z.email().max(320).optional(),
  rights: Rights.default([]),
  expiresAt: z.iso.datetime(),
  selection: ShareSelection.optional(),
  deidentify: ShareDeidentify.optional(),
  lock: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('none') }),
      z.object({ kind: z.literal('passphrase'), passphrase: z.string().min(8).max(200) }),
      z.object({ kind: z.literal('code') }),
    ])
    .default({ kind: 'none' }),
  mostOpens: z.number().int().min(1).max(10_000).optional(),
  watermark: z.boolean().default(true),
})
export type CreateShare = z.input<typeof CreateShare>

// GET /api/studies/{study}/pixel-risks: what would be asked about if the study were de-identified
export const PixelRisks = z.object({
  series: z.array(
    z.object({
      seriesInstanceUid: z.string(),
      modality: z.string(),
      description: z.string(),
      /** A stable code; `encapsulated-document` stays out whatever a person says. */
      reason: z.string(),
      instances: z.number(),
      /** Those of them whose pixels can be blacked out. */
      images: z.array(
        z.object({ sopInstanceUid: z.string(), rows: z.number(), columns: z.number(), frames: z.number() }),
      ),
    }),
  ),
})
export type PixelRisks = z.infer<typeof PixelRisks>

export const SHARE_STATES = [
  'preparing',
  'failed',
  'open',
  'used-up',
  'bound',
  'locked',
  'expired',
  'revoked',
] as const

export const ShareView = z.object({
  shareId: z.string(),
  studyInstanceUid: z.string(),
  recipientName: z.string(),
  recipientEmail: z.string(),
  makerName: z.string().nullable(),
  createdAt: z.string(),
  rights: Rights,
  lock: z.enum(['none', 'passphrase', 'code']),
  expiresAt: z.string(),
  mostOpens: z.number().nullable(),
  opens: z.number(),
  lastOpenedAt: z.string().nullable(),
  watermark: z.boolean(),
  deidentified: z.boolean(),
  partial: z.boolean(),
  state: z.enum(SHARE_STATES),
  /** Of a copy, while it is made. */
  instancesDone: z.number(),
  instancesTotal: z.number(),
  /** Instances that are not in the copy, and why. */
  refused: z.array(z.object({ sopInstanceUid: z.string(), code: z.string() })),
})
export type ShareView = z.infer<typeof ShareView>

/** GET /api/studies/{study}/shares, GET /api/shares */
export const SharePage = z.object({ shares: z.array(ShareView) })
/** The address and the code are said once and kept nowhere. */
export const CreatedShare = z.object({ share: ShareView, url: z.string(), code: z.string().nullable() })
export type CreatedShare = z.infer<typeof CreatedShare>
// GET /api/shares/{share}/openings
export const ShareOpenings = z.object({
  openings: z.array(
    z.object({ openedAt: z.string(), address: z.string().nullable(), userAgent: z.string().nullable() }),
  ),
})
// POST /api/shares/{share}/code
export const RenewedCode = z.object({ code: z.string() })

// POST /api/shared/look: what a link is, before it is opened
export const LookShared = z.object({
  token: z.string().max(200),
  /** The page looks again and again, and needs the logo once. */
  withLogo: z.boolean().default(false),
})
export const SharedLook = z.object({
  handle: z.string(),
  state: z.enum(SHARE_STATES),
  lock: z.enum(['none', 'passphrase', 'code']),
  recipientName: z.string(),
  makerName: z.string().nullable(),
  organisationName: z.string(),
  /** As a data URL; null where it has none, or nobody asked. */
  logo: z.string().nullable(),
  expiresAt: z.string(),
  rights: Rights,
  deidentified: z.boolean(),
  /** Of a copy, while it is made. */
  instancesDone: z.number(),
  instancesTotal: z.number(),
})
export type SharedLook = z.infer<typeof SharedLook>
// POST /api/shared/open: answers SessionUser
export const OpenShared = z.object({ token: z.string().max(200), secret: z.string().max(200).optional() })
