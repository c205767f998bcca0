/**
 * Tells the parent process that a server listens, then, whenever it asks, how much CPU time this process has used.
 *
 * @param {number} port
 */
export function announce(port) {
  process.on('message', () => process.send({ cpu: usedMicroseconds() }))
  process.on('disconnect', () => process.exit())
  process.send({ port })
}

/** All threads of the process: garbage collection counts. */
function usedMicroseconds() {
  const { user, system } = process.cpuUsage()
  return user + system
}
