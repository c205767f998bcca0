/** What every server does, next to nothing, so that what is measured is the server. */
export const tasks = {
  small: ({ text, top }) => ({ length: text.length, top }),
  bytes: body => ({ count: body.length, last: body.at(-1) }),
  numbers: ({ data }) => ({ count: data.length, last: data.at(-1) }),
  async *stream({ count }) {
    for (let index = 0; index < count; index += 1) yield { index }
  },
}

/** What is larger is refused, as with Incant. */
export const BODY_LIMIT = 10 * 1024 * 1024

/** The port and the task of the command line, and whether it ends with `--apart`. */
export function readCommand() {
  const [port, task, flag] = process.argv.slice(2)
  return { port: Number(port), task, isApart: flag === '--apart', hostname: '127.0.0.1' }
}
