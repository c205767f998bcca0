import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { type Digest, isDigest } from '../../content/digest.ts'
import { listFolder, readText, remove, writeNew } from './disk.ts'
import type { Layout } from './layout.ts'
import { isRunning, ownIdentity, type ProcessIdentity } from './machine.ts'

/** What a process does with the store while it has a lease. */
export type Purpose = 'write' | 'serve'

/** A process that uses the store. */
export interface Lease extends ProcessIdentity {
  readonly id: string
  readonly purpose: Purpose
  /** Manifests of versions whose files it reads. */
  readonly digests: readonly Digest[]
}

const LEASE: v.GenericSchema<unknown, Lease> = v.object({
  id: v.string(),
  purpose: v.picklist(['write', 'serve']),
  machine: v.string(),
  pid: v.number(),
  started: v.string(),
  digests: v.array(v.custom<Digest>(value => typeof value === 'string' && isDigest(value))),
})

/** Work that has a lease: what it reads and what it is about to write is not taken away. */
export class Work {
  readonly lease: Lease
  readonly #layout: Layout
  #drafts = 0

  constructor(layout: Layout, lease: Lease) {
    this.#layout = layout
    this.lease = lease
  }

  /** The folder of its unfinished files. */
  get folder(): string {
    return join(this.#layout.staging, this.lease.id)
  }

  /** The folder for files that a server reads. */
  get checkout(): string {
    return join(this.#layout.checkouts, this.lease.id)
  }

  /** A path that nothing else uses, for an unfinished file. */
  draft(): string {
    return join(this.folder, String(++this.#drafts))
  }

  /** Ends the lease. */
  async end(): Promise<void> {
    await removeLease(this.#layout, this.lease.id)
  }
}

/** Begins to use the store. */
export async function beginWork(
  layout: Layout,
  { purpose, digests = [] }: { readonly purpose: Purpose; readonly digests?: readonly Digest[] },
): Promise<Work> {
  const id = `${process.pid}-${randomBytes(8).toString('hex')}`
  const work = new Work(layout, { id, purpose, digests, ...(await ownIdentity()) })
  await mkdir(layout.leases, { recursive: true })
  await writeNew(pathOf(layout, id), JSON.stringify(work.lease))
  await mkdir(work.folder, { recursive: true })
  return work
}

/** Does something that writes to the store. */
export async function withWork<Result>(layout: Layout, run: (work: Work) => Promise<Result>): Promise<Result> {
  const work = await beginWork(layout, { purpose: 'write' })
  try {
    return await run(work)
  } finally {
    await work.end()
  }
}

/** The leases of processes that run, and the ids of those that have died. */
export async function readLeases(
  layout: Layout,
): Promise<{ readonly live: readonly Lease[]; readonly dead: readonly string[] }> {
  const ids = (await listFolder(layout.leases)).map(name => name.replace(/\.json$/, ''))
  const read = await Promise.all(ids.map(async id => ({ id, lease: await readLease(layout, id) })))
  const live = read.flatMap(({ lease }) => (lease === undefined ? [] : [lease]))
  const folders = [...(await listFolder(layout.staging)), ...(await listFolder(layout.checkouts))]
  const running = new Set(live.map(({ id }) => id))
  return { live, dead: [...new Set([...ids, ...folders])].filter(id => !running.has(id)) }
}

/** A lease of a process that runs. One that is half written is of a process that is about to write, if it runs. */
async function readLease(layout: Layout, id: string): Promise<Lease | undefined> {
  const text = await readText(pathOf(layout, id))
  if (text === undefined) return undefined
  const read = v.safeParse(LEASE, parse(text))
  const lease = read.success ? read.output : await unfinished(id)
  return (await isRunning(lease)) ? lease : undefined
}

async function unfinished(id: string): Promise<Lease> {
  const { machine } = await ownIdentity()
  return { id, purpose: 'write', digests: [], machine, pid: Number.parseInt(id, 10), started: '' }
}

/** Removes what a process that has died left of its work. */
export async function removeLease(layout: Layout, id: string): Promise<void> {
  await remove(join(layout.staging, id))
  await remove(join(layout.checkouts, id))
  await remove(pathOf(layout, id))
}

function pathOf(layout: Layout, id: string): string {
  return join(layout.leases, `${id}.json`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
