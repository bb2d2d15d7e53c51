import { z } from 'zod'
import { ROLES } from '../access/principal.ts'
import type { ColourMapName } from '../volume/colour-map.ts'

/** Shapes of hanging protocols: how the images of a study are laid out before anybody touches it. */

export const PLANES = ['axial', 'coronal', 'sagittal'] as const
export const Plane = z.enum(PLANES)
export type Plane = z.infer<typeof Plane>

export const Side = z.enum(['R', 'L', 'B'])
export type Side = z.infer<typeof Side>

/** Patient directions along a row (to the right) and down a column, PS3.3 C.7.6.1.1.1: `P`, `FL` … */
export const RowAndColumn = z.tuple([z.string().max(16), z.string().max(16)])
export type RowAndColumn = z.infer<typeof RowAndColumn>

/** What an image says of itself that decides where it hangs; what it does not say is left out. */
export const ImageFacts = z.object({
  /** View Position, in capitals: CC, MLO, PA, AP, LL … */
  view: z.string().optional(),
  laterality: Side.optional(),
  orientation: RowAndColumn.optional(),
  plane: Plane.optional(),
  /** Slice thickness, mm. */
  thickness: z.number().optional(),
  /** s/mm². */
  bValue: z.number().optional(),
  localizer: z.literal(true).optional(),
  /** Of emission images: corrected for what the body absorbs (Corrected Image, PS3.3 C.8.9.1), or not. */
  attenuationCorrected: z.boolean().optional(),
})
export type ImageFacts = z.infer<typeof ImageFacts>

/** Facts of a series: of its first image, and of each image where each may hang alone (projections). */
export const SeriesFacts = ImageFacts.extend({
  protocolName: z.string().optional(),
  /** Frame of Reference UID: places in series of one can be compared. */
  frameOfReference: z.string().optional(),
  images: z.array(ImageFacts.extend({ sopInstanceUid: z.string() })).optional(),
})
export type SeriesFacts = z.infer<typeof SeriesFacts>

const Word = z.string().min(1).max(64)
const Words = z.array(Word).max(20)
const Code = z.string().min(1).max(16)

/** When a protocol applies: every criterion that is given must hold. */
export const HangingMatch = z.object({
  /** The study has one of these. */
  modality: z.array(Code).max(20),
  /** And each of these besides. */
  withModality: z.array(Code).max(4).optional(),
  /** And those are in one frame of reference with it: they can be laid over each other. */
  oneFrame: z.boolean().optional(),
  /** Body Part Examined of a series, or a word of a description. */
  bodyPart: z.string().min(1).max(64).optional(),
  laterality: Side.optional(),
  /** One of these words is in the description of the study or of a series. */
  words: Words.optional(),
  priorPresent: z.boolean().optional(),
  /** Screens at least. */
  monitors: z.number().int().min(1).max(8).optional(),
})
export type HangingMatch = z.infer<typeof HangingMatch>

export const WISH_ORDERS = ['first', 'last', 'largest', 'thinnest'] as const

/** A series, or an image of one, as a pane wants it: every criterion that is given must hold. */
export const Wish = z.object({
  modality: z.array(Code).max(20).optional(),
  /** One of these is in the description or the name of the protocol. */
  words: Words.optional(),
  withoutWords: Words.optional(),
  plane: Plane.optional(),
  view: z.array(Code).max(10).optional(),
  laterality: Side.optional(),
  /** In one frame of reference with a series of this modality, of the same study. */
  oneFrameWith: Code.optional(),
  attenuationCorrected: z.boolean().optional(),
  /** At least so much diffusion weighting, s/mm². */
  bValue: z.number().min(0).optional(),
  /** 0: the study that is read; 1: its best prior, and so on. */
  prior: z.number().int().min(0).max(4).optional(),
  /** Of several, which; the first in reading order unless said. */
  order: z.enum(WISH_ORDERS).optional(),
})
export type Wish = z.infer<typeof Wish>

/** How a pane shows what it got. */
export const HangingLook = z.object({
  window: z.object({ center: z.number(), width: z.number().positive() }).optional(),
  /** Ends of the window as uptake by body weight (g/ml), where that is known: what is stored for it differs from scan to scan. */
  uptake: z
    .object({ lower: z.number().min(0), upper: z.number().positive() })
    .refine(({ lower, upper }) => lower < upper, { message: 'The lower end comes first.' })
    .optional(),
  invert: z.boolean().optional(),
  /** Degrees to the right. */
  rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).optional(),
  flipHorizontal: z.boolean().optional(),
  flipVertical: z.boolean().optional(),
  /** What shall lie along rows and columns: images that are filed the other way round are turned over, others are not. */
  orientation: RowAndColumn.optional(),
  fit: z.enum(['fit', 'one-to-one', 'real-size']).optional(),
  align: z.enum(['left', 'right', 'centre']).optional(),
})
export type HangingLook = z.infer<typeof HangingLook>

const ColourMap = z.enum([
  'hot-iron',
  'pet',
  'pet-20',
  'rainbow',
  'grey',
  'inverted-grey',
] as const satisfies readonly ColourMapName[])

/** Another series in colour over that of the pane, in the same frame of reference, and how; what is left out is as suits it. */
export const HangingOver = z.object({
  /** The best first. */
  wants: z.array(Wish).min(1).max(8),
  map: ColourMap.optional(),
  /** 0 to 1. */
  opacity: z.number().min(0.1).max(1).optional(),
  /** Ends of the window, in units. */
  lower: z.number().optional(),
  upper: z.number().optional(),
})
export type HangingOver = z.infer<typeof HangingOver>

/** Planes through a series, or its highest values as seen from all round (a turning MIP). */
export const COMPUTED_VIEWS = [...PLANES, 'projection'] as const
export type ComputedView = (typeof COMPUTED_VIEWS)[number]

export const HangingPane = z.object({
  /** The best first. Without one the pane takes what is left. */
  wants: z.array(Wish).max(8),
  look: HangingLook.optional(),
  /** It may show what another pane shows too. */
  again: z.boolean().optional(),
  /** What is computed of the series, instead of its images as they were received. Such a pane repeats others. */
  computed: z.enum(COMPUTED_VIEWS).optional(),
  /** What lies over it. Such a pane repeats others, and stays empty where there is nothing to lay over. */
  over: HangingOver.optional(),
})
export type HangingPane = z.infer<typeof HangingPane>

const Side1To4 = z.number().int().min(1).max(4)

export const HangingStage = z
  .object({
    name: z.string().max(80).optional(),
    layout: z.object({ rows: Side1To4, columns: Side1To4 }),
    /** Row by row, one for each place of the layout. */
    panes: z.array(HangingPane).max(16),
    /** Panes scroll together from the start. */
    linked: z.boolean().optional(),
    /** A pane whose wishes nothing fulfils stays empty, instead of taking what is left. */
    onlyWished: z.boolean().optional(),
    /** A millimetre is as long in every pane. */
    sameScale: z.boolean().optional(),
  })
  .refine(({ layout, panes }) => panes.length === layout.rows * layout.columns, {
    message: 'One pane for each place of the layout.',
  })
export type HangingStage = z.infer<typeof HangingStage>

/** What a protocol says, without whose it is. */
export const HangingProtocol = z.object({
  name: z.string().trim().min(1).max(80),
  matches: HangingMatch,
  stages: z.array(HangingStage).min(1).max(12),
  /** The built-in protocol it stands in for. */
  replaces: z.string().max(40).optional(),
})
export type HangingProtocol = z.infer<typeof HangingProtocol>

export const HangingOwner = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('me') }),
  z.object({ kind: z.literal('role'), role: z.enum(ROLES) }),
  z.object({ kind: z.literal('everyone') }),
])
export type HangingOwner = z.infer<typeof HangingOwner>

// --- GET /api/hanging-protocols: mine, my roles', everyone's
export const KeptProtocol = z.object({
  id: z.string(),
  version: z.number().int(),
  owner: HangingOwner,
  mayChange: z.boolean(),
  protocol: HangingProtocol,
})
export type KeptProtocol = z.infer<typeof KeptProtocol>
export const KeptProtocols = z.object({ protocols: z.array(KeptProtocol) })
export type KeptProtocols = z.infer<typeof KeptProtocols>

// --- POST /api/hanging-protocols; PUT and DELETE /api/hanging-protocols/{id}
export const WrittenProtocol = z.object({ id: z.string(), version: z.number().int() })
export const NewHangingProtocol = z.object({ owner: HangingOwner, protocol: HangingProtocol })
export type NewHangingProtocol = z.infer<typeof NewHangingProtocol>
export const ChangedHangingProtocol = NewHangingProtocol.extend({ version: z.number().int().min(1) })
export type ChangedHangingProtocol = z.infer<typeof ChangedHangingProtocol>
