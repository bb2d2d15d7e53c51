import { BRICK } from '../../../../core/volume/bricks.ts'
import { FAINT, LIGHT, OPAQUE } from '../../../../core/volume/render-scene.ts'
import { TABLE_SIZE } from '../../../../core/volume/transfer-function.ts'

/** Three corners that cover the picture. */
export const VERTEX_SHADER = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`

const number = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value))

/** What \`castRays\` does, ray by ray on the card. Places are in voxels, the centre of the first at 0. */
export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler3D;
precision highp sampler2D;

uniform sampler3D voxels;
uniform sampler3D bricks;
uniform sampler2D table;
uniform float pictureHeight;
uniform vec3 origin, right, down, into;
uniform vec3 low, high;
/* Voxels that the texture covers. */
uniform vec3 cover;
uniform ivec3 brickCount;
uniform float stepLength;
/* A texel is so much, from the floor. */
uniform float unit, floorValue;
uniform float tableFrom, tableRange;
uniform bool isMaximum;
uniform mat3 slopes;
uniform vec3 light, halfway;
out vec4 painted;

const float BRICK = ${number(BRICK)};
const float FAR = 1e9;

/* Level 0 by name: in a loop that each ray leaves where it likes, a card cannot work a level out. */
float valueAt(vec3 place) {
  return textureLod(voxels, (place + 0.5) / cover, 0.0).r * unit + floorValue;
}

vec4 entryAt(float share) {
  return textureLod(table, vec2((share * ${number(TABLE_SIZE - 1)} + 0.5) / ${number(TABLE_SIZE)}, 0.5), 0.0);
}

float jitterAt(vec2 pixel) {
  return fract(52.9829189 * fract(dot(vec2(0.06711056, 0.00583715), pixel)));
}

vec3 lit(vec3 colour, vec3 place) {
  vec3 slope = slopes * vec3(
    valueAt(place + vec3(1, 0, 0)) - valueAt(place - vec3(1, 0, 0)),
    valueAt(place + vec3(0, 1, 0)) - valueAt(place - vec3(0, 1, 0)),
    valueAt(place + vec3(0, 0, 1)) - valueAt(place - vec3(0, 0, 1))) * 0.5;
  float steep = length(slope);
  if (steep == 0.0) return colour;
  float surface = min(1.0, steep / (${number(LIGHT.surface)} * tableRange));
  float facing = abs(dot(slope, light)) / steep;
  float mirrored = abs(dot(slope, halfway)) / steep;
  float bright = 1.0 - surface + surface * (${number(LIGHT.ambient)} + ${number(LIGHT.diffuse)} * facing);
  return colour * bright + surface * ${number(LIGHT.shine)} * pow(mirrored, ${number(LIGHT.gloss)});
}

void main() {
  vec2 pixel = vec2(gl_FragCoord.x - 0.5, pictureHeight - 0.5 - gl_FragCoord.y);
  vec3 start = origin + pixel.x * right + pixel.y * down;
  vec4 background = isMaximum ? vec4(entryAt(0.0).rgb, 1.0) : vec4(0.0, 0.0, 0.0, 1.0);
  painted = background;

  float enter = -FAR;
  float leave = FAR;
  for (int axis = 0; axis < 3; axis++) {
    float direction = into[axis];
    float first = low[axis] - start[axis];
    float last = high[axis] - start[axis];
    if (abs(direction) < 1e-7) {
      if (first > 0.0 || last < 0.0) return;
    } else {
      enter = max(enter, min(first / direction, last / direction));
      leave = min(leave, max(first / direction, last / direction));
    }
  }
  float jitter = isMaximum ? 0.0 : jitterAt(pixel);
  float at = ceil(enter / stepLength - jitter);
  float brickEnd = -FAR;
  float brick = 1.0;
  float most = 0.0;
  vec3 colour = vec3(0.0);
  float hidden = 0.0;
  /* In a loop that ends, whatever rounding does. */
  for (int guard = 0; guard < 16384; guard++) {
    float t = (at + jitter) * stepLength;
    if (t > leave) break;
    vec3 place = start + t * into;
    if (t >= brickEnd) {
      ivec3 number = clamp(ivec3(floor(place / BRICK)), ivec3(0), brickCount - 1);
      brick = texelFetch(bricks, number, 0).r;
      vec3 ends = vec3(FAR);
      for (int axis = 0; axis < 3; axis++) {
        if (into[axis] > 1e-7 && number[axis] < brickCount[axis] - 1)
          ends[axis] = (float(number[axis] + 1) * BRICK - start[axis]) / into[axis];
        else if (into[axis] < -1e-7 && number[axis] > 0)
          ends[axis] = (float(number[axis]) * BRICK - start[axis]) / into[axis];
      }
      brickEnd = min(ends.x, min(ends.y, ends.z));
    }
    if (brick <= most) {
      at = max(at + 1.0, ceil(min(brickEnd, leave + stepLength) / stepLength - jitter));
      continue;
    }
    at += 1.0;
    float share = clamp((valueAt(place) - tableFrom) / tableRange, 0.0, 1.0);
    if (isMaximum) {
      most = max(most, share);
      continue;
    }
    vec4 entry = entryAt(share);
    if (entry.a <= 0.0) continue;
    float weight = (1.0 - hidden) * entry.a;
    colour += weight * (entry.a >= ${number(FAINT)} ? lit(entry.rgb, place) : entry.rgb);
    hidden += weight;
    if (hidden >= ${number(OPAQUE)}) break;
  }
  painted = isMaximum ? vec4(entryAt(most).rgb, 1.0) : vec4(colour, 1.0);
}`
