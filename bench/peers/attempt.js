/**
 * Does what may fail for one server without the others: it is reported, and left out. Incant must not fail.
 *
 * @template Result
 * @param {string} name of the server
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result | undefined>}
 */
export async function attempt(name, work) {
  try {
    return await work()
  } catch (error) {
    if (name === 'incant') throw error
    console.error(`Without ${name}: ${error.message}`)
    process.exitCode = 1
    return undefined
  }
}
