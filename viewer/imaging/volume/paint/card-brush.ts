import { bricksOf, fillLayer, layersOf } from '../../../../core/volume/bricks.ts'
import type { PictureSize } from '../../../../core/volume/cast-rays.ts'
import { boxInVoxels } from '../../../../core/volume/crop-box.ts'
import { lightOf, shortestStep, type RenderScene } from '../../../../core/volume/render-scene.ts'
import { TABLE_SIZE, tableOf } from '../../../../core/volume/transfer-function.ts'
import { raysOf, slopeAxes } from '../../../../core/volume/view-camera.ts'
import { CardLost, type Brush, type PaintedVolume } from './brush.ts'
import { brickTexels } from './card-bricks.ts'
import { FRAGMENT_SHADER, VERTEX_SHADER } from './card-shader.ts'
import { openCardTexture } from './card-texture.ts'

/** Between two looks at whether the card is done. Milliseconds. */
const LOOK_EVERY = 2

/**
 * Paints on the graphics card, off the page. Undefined: there is no WebGL 2 here, or not for a volume of that size. Errors:
 * CardLost.
 */
export function openCardBrush(painted: PaintedVolume): Brush | undefined {
  const { grid, floor } = painted
  const canvas = new OffscreenCanvas(1, 1)
  const gl = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    depth: false,
    preserveDrawingBuffer: true,
    powerPreference: 'high-performance',
  })
  if (gl === null) return undefined
  const program = link(gl)
  const texture = openCardTexture(gl, painted)
  if (texture === undefined) {
    gl.getExtension('WEBGL_lose_context')?.loseContext()
    return undefined
  }
  gl.useProgram(program)
  const place = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name)
  const bricks = bricksOf(grid)
  const brickTexture = gl.createTexture()
  const tableTexture = gl.createTexture()
  const stale = new Set(Array.from({ length: grid.size[2] }, (_, slice) => slice))
  const bindings = [
    ['voxels', gl.TEXTURE_3D, texture.texture],
    ['bricks', gl.TEXTURE_3D, brickTexture],
    ['table', gl.TEXTURE_2D, tableTexture],
  ] as const

  function bind(): void {
    for (const [unit, [name, target, each]] of bindings.entries()) {
      gl!.activeTexture(gl!.TEXTURE0 + unit)
      gl!.bindTexture(target, each)
      gl!.uniform1i(place(name), unit)
    }
  }

  /** What of the volume is not on the card yet. */
  function refresh(): void {
    if (stale.size === 0) return
    const now = painted.volume()
    texture!.fill(stale, now)
    for (const layer of layersOf(stale, bricks)) fillLayer(bricks, layer, now, floor)
    stale.clear()
  }

  function setScene(scene: RenderScene, { width, height }: PictureSize, step: number): void {
    const table = tableOf(scene.points, step)
    gl!.activeTexture(gl!.TEXTURE1)
    gl!.bindTexture(gl!.TEXTURE_3D, brickTexture)
    upload3d(gl!, bricks.size, brickTexels(bricks, table, scene.mode, texture!.shrink > 1))
    gl!.activeTexture(gl!.TEXTURE2)
    gl!.bindTexture(gl!.TEXTURE_2D, tableTexture)
    gl!.texImage2D(gl!.TEXTURE_2D, 0, gl!.RGBA16F, TABLE_SIZE, 1, 0, gl!.RGBA, gl!.FLOAT, table.entries)
    filter(gl!, gl!.TEXTURE_2D, gl!.LINEAR)
    bind()
    const rays = raysOf(grid, scene.camera, width, height)
    for (const name of ['origin', 'right', 'down', 'into'] as const) gl!.uniform3f(place(name), ...rays[name])
    const box = boxInVoxels(scene.crop, grid.size)
    gl!.uniform3f(place('low'), ...box.low)
    gl!.uniform3f(place('high'), ...box.high)
    gl!.uniform3f(place('cover'), ...texture!.cover)
    gl!.uniform3i(place('brickCount'), ...bricks.size)
    gl!.uniform1f(place('pictureHeight'), height)
    gl!.uniform1f(place('stepLength'), step)
    gl!.uniform1f(place('unit'), texture!.unit())
    gl!.uniform1f(place('floorValue'), floor)
    gl!.uniform1f(place('tableFrom'), table.from)
    gl!.uniform1f(place('tableRange'), table.to - table.from)
    gl!.uniform1i(place('isMaximum'), scene.mode === 'maximum' ? 1 : 0)
    gl!.uniformMatrix3fv(place('slopes'), false, slopeAxes(grid).flat())
    const { light, halfway } = lightOf(scene.camera)
    gl!.uniform3f(place('light'), ...light)
    gl!.uniform3f(place('halfway'), ...halfway)
  }

  return {
    paintedBy: 'card',
    shrink: texture.shrink,
    changed(slices) {
      for (const slice of slices) stale.add(slice)
    },
    begin(scene, size, fineness) {
      const { width, height } = size
      if (gl.isContextLost()) throw new CardLost()
      if (canvas.width !== width) canvas.width = width
      if (canvas.height !== height) canvas.height = height
      refresh()
      setScene(scene, size, shortestStep(grid) * fineness)
      gl.viewport(0, 0, width, height)
      gl.enable(gl.SCISSOR_TEST)
      return {
        async paint(fromRow, toRow) {
          // The card counts rows from below.
          gl.scissor(0, height - toRow, width, toRow - fromRow)
          gl.drawArrays(gl.TRIANGLES, 0, 3)
          await done(gl)
        },
        finish: () => canvas.transferToImageBitmap(),
      }
    },
    close: () => gl.getExtension('WEBGL_lose_context')?.loseContext(),
  }
}

/** Resolves when the card has done what it was told. */
async function done(gl: WebGL2RenderingContext): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
  gl.flush()
  for (;;) {
    if (fence === null || gl.isContextLost()) throw new CardLost()
    if (gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED) break
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
  }
  gl.deleteSync(fence)
}

function upload3d(
  gl: WebGL2RenderingContext,
  size: readonly [number, number, number],
  texels: Uint8Array,
): void {
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1)
  gl.texImage3D(gl.TEXTURE_3D, 0, gl.R8, ...size, 0, gl.RED, gl.UNSIGNED_BYTE, texels)
  filter(gl, gl.TEXTURE_3D, gl.NEAREST)
}

function filter(gl: WebGL2RenderingContext, target: number, way: number): void {
  gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, way)
  gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, way)
  gl.texParameteri(target, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
  gl.texParameteri(target, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram()
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, FRAGMENT_SHADER],
  ] as const) {
    const shader = gl.createShader(kind)
    if (shader === null) throw new CardLost()
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (gl.isContextLost()) throw new CardLost()
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true)
    throw new Error(`the shader does not link: ${gl.getProgramInfoLog(program) ?? ''}`)
  return program
}
