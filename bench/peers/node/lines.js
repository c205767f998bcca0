/** Gives the whole lines of what arrives, as they come. */
export function readLines(stream, take) {
  let rest = ''
  stream.setEncoding('utf8').on('data', text => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    if (lines.length > 0) take(lines)
  })
}
