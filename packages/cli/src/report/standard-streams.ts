/** Writes to a standard stream, past what captures it. */
export interface StandardStreams {
  readonly stdout: (text: string) => unknown
  readonly stderr: (text: string) => unknown
}

/** The standard streams as they are now. */
export function rememberStreams(): StandardStreams {
  const { stdout, stderr } = process
  return { stdout: stdout.write.bind(stdout), stderr: stderr.write.bind(stderr) }
}
