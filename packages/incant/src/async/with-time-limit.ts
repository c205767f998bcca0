/**
 * Some work's result, or a failure when it takes longer than it may.
 *
 * @param milliseconds - How long it may take.
 * @param work - Started at once. What comes of it too late is dropped.
 * @param late - The error for work that takes longer.
 */
export function withTimeLimit<Result>(
  milliseconds: number,
  work: () => Promise<Result>,
  late: () => Error,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), milliseconds)
    work()
      .finally(() => clearTimeout(timer))
      .then(resolve, reject)
  })
}
