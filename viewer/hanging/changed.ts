/** The object with some parts changed; what is given as undefined is left out, as the contract has it. */
export function changed<Shape extends object>(
  before: Shape,
  parts: { readonly [Name in keyof Shape]?: Shape[Name] | undefined },
): Shape {
  const after = { ...before, ...parts }
  for (const name of Object.keys(after) as (keyof Shape)[]) {
    const value: unknown = after[name]
    if (value === undefined) delete after[name]
  }
  return after as Shape
}
