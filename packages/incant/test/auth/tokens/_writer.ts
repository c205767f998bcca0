import { tokenFile } from '../../../src/auth/tokens/token-file.ts'

/** What a process is told to do, one after the other, to a token that it has made itself: the index says which. */
export type Operation = { readonly kind: 'create' | 'rotate' | 'revoke'; readonly index: number }

/** The ids a process has made, and those it has ended. */
export interface Written {
  readonly made: readonly string[]
  readonly revoked: readonly string[]
}

async function write(path: string, operations: readonly Operation[]): Promise<Written> {
  const store = tokenFile(path)
  const made: string[] = []
  const usable: string[] = []
  const revoked: string[] = []
  for (const { kind, index } of operations) {
    const [id] = kind === 'create' ? [] : usable.splice(index % Math.max(1, usable.length), 1)
    if (kind === 'revoke' && id !== undefined) revoked.push(...(await store.revoke({ id })))
    if (kind === 'revoke') continue
    const created = id === undefined ? await store.create() : await store.rotate({ id })
    made.push(created.id)
    usable.push(created.id)
  }
  return { made, revoked }
}

process.on('message', ({ path, operations }: { path: string; operations: readonly Operation[] }) => {
  write(path, operations).then(
    written => process.send?.({ written }),
    error => process.send?.({ error: String(error) }),
  )
})
process.send?.('ready')
