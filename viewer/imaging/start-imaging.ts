import {
  cache,
  Enums,
  getShouldUseCPURendering,
  imageLoadPoolManager,
  init as initCore,
  setUseCPURendering,
} from '@cornerstonejs/core'
import { addTool, init as initTools, PanTool, ZoomTool } from '@cornerstonejs/tools'
import { PaintDragTool, PlaceDragTool, ScrollDragTool, WindowDragTool } from './drag-tools.ts'
import { openFrameLoader, type FrameLoader } from './frames/frame-loader.ts'
import { pagePixels } from './frames/page-pixels.ts'
import { registerMarkTools } from './marks/mark-tools.ts'

/** Decoded images kept at most: what a page may hold without making the machine swap. Bytes. */
const CACHE_SHARE = 1 / 4
const CACHE_LEAST = 64 << 20
const CACHE_MOST = 1536 << 20
/** Requests in flight: what a browser opens to one host, so that the next wish does not queue behind old ones. */
const IN_FLIGHT = 6

/** Where images are drawn: on a canvas where there is no graphics card, since WebGL in software is slower. */
export type Drawing = 'canvas' | 'card'

let started: Promise<void> | undefined
let loader: FrameLoader | undefined

/** Starts the imaging engine once a page: renderer, decoders in workers, tools, a bounded cache. */
export function startImaging(drawing: Drawing = hasHardwareRendering() ? 'card' : 'canvas'): Promise<void> {
  started ??= start(drawing)
  return started
}

/** The frames of the page, once `startImaging` has resolved. */
export function frameLoader(): FrameLoader {
  if (loader === undefined) throw new Error('imaging is not started')
  return loader
}

/** Whether this page draws on a graphics card, once imaging has started. */
export const drawsOnCard = (): boolean => !getShouldUseCPURendering()

async function start(drawing: Drawing): Promise<void> {
  initCore()
  if (drawing === 'canvas') setUseCPURendering(true)
  loader = openFrameLoader(pagePixels().loader, drawing === 'canvas')
  initTools()
  registerMarkTools()
  for (const tool of [WindowDragTool, PanTool, ZoomTool, ScrollDragTool, PlaceDragTool, PaintDragTool])
    addTool(tool)
  cache.setMaxCacheSize(cacheBudget())
  imageLoadPoolManager.setMaxSimultaneousRequests(Enums.RequestType.Interaction, IN_FLIGHT)
  await Promise.resolve()
}

function cacheBudget(): number {
  // In GiB, where the browser says it; the least of machines otherwise.
  const memory = (navigator as Navigator & { deviceMemory?: number }).deviceMemory ?? 4
  return Math.max(CACHE_LEAST, Math.min(CACHE_MOST, memory * CACHE_SHARE * 2 ** 30))
}

/** Whether WebGL runs on a graphics card: in software it is slower than drawing on a canvas. */
function hasHardwareRendering(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  if (context === null) return false
  const info = context.getExtension('WEBGL_debug_renderer_info')
  const renderer = String(context.getParameter(info?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER))
  context.getExtension('WEBGL_lose_context')?.loseContext()
  return !/swiftshader|llvmpipe|software|basic render/i.test(renderer)
}
