/** Does something with each item, at most `atOnce` at a time. Errors: the first that one throws, when those under way have ended. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const faults: unknown[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length && faults.length === 0) {
      const at = next++
      try {
        results[at] = await work(items[at] as Item)
      } catch (error) {
        faults.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane))
  if (faults.length > 0) throw faults[0]
  return results
}
