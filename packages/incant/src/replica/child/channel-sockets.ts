import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net'

/** The file descriptors on which a replica and its front talk. */
const CHANNEL_FD = { input: 3, output: 4 } as const

/** Bytes that are read at once: about as many as a socket between two processes takes. */
const PIECE = 262_144

/**
 * Opens the sockets of the channel to the front.
 *
 * @param read - Takes what arrives. All of it comes in the same memory, as memory for each piece of a large body would have V8 collect
 * garbage twice as often: what is kept has to be copied.
 * @returns The socket on which to write.
 */
export function openChannel(read: (piece: Buffer) => void): Socket {
  const buffer = Buffer.allocUnsafeSlow(PIECE)
  const callback = (length: number): boolean => {
    read(buffer.subarray(0, length))
    return true
  }
  // Node's types leave out of a constructor what it takes: the same as connect().
  const options: SocketConstructorOpts & ConnectOpts = { readable: true, writable: false, onread: { buffer, callback } }
  const input = new Socket({ ...options, fd: CHANNEL_FD.input })
  const output = new Socket({ fd: CHANNEL_FD.output, readable: false, writable: true })
  // Without a front there is no more work.
  for (const end of [input, output]) end.on('close', () => process.exit(0)).on('error', () => process.exit(0))
  return output
}
