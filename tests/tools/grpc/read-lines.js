import { createInterface } from 'node:readline'

/**
 * The lines of a log, of which each is found once, until the process has ended.
 *
 * @param {import('node:stream').Readable} stream
 * @param {Promise<unknown[]>} ended
 */
export function readLines(stream, ended) {
  const found = []
  const waiting = new Set()
  createInterface({ input: stream }).on('line', text => {
    found.push(JSON.parse(text))
    for (const look of waiting) look()
  })
  return {
    find: matches =>
      new Promise((resolve, reject) => {
        void ended.then(([code]) => reject(new Error(`the server ended with ${code}, and no line was found`)))
        const look = () => {
          const index = found.findIndex(matches)
          if (index === -1) return
          waiting.delete(look)
          resolve(found.splice(index, 1)[0])
        }
        waiting.add(look)
        look()
      }),
  }
}
