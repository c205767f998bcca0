/** What the head of an executable or a library of Linux says (ELF, System V ABI). */
export interface ElfHead {
  /** As `process.arch`; undefined: another machine. */
  readonly arch: string | undefined
  /** Libraries that it loads: `libc.so.6`. */
  readonly libraries: readonly string[]
}

const MAGIC = 0x7f454c46
const ARCHITECTURES: Readonly<Record<number, string>> = {
  3: 'ia32',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
}
const DYNAMIC = 2
const LOAD = 1
const NEEDED = 1
const STRINGS = 5

/** Reads a head. Undefined: the file is none of Linux. */
export function readElf(bytes: Buffer): ElfHead | undefined {
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== MAGIC) return undefined
  const isLittle = bytes[5] === 1
  // Every system that Node runs on is little-endian, but for s390x, which no native module here is for.
  if (!isLittle) return { arch: undefined, libraries: [] }
  const arch = ARCHITECTURES[bytes.readUInt16LE(18)]
  // 32 bits have other offsets; their libraries are not looked at.
  return { arch, libraries: bytes[4] === 2 ? readLibraries(bytes) : [] }
}

interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly size: number
}

function readLibraries(bytes: Buffer): readonly string[] {
  const segments = readSegments(bytes)
  const dynamic = segments.find(({ type }) => type === DYNAMIC)
  if (dynamic === undefined) return []
  const entries = readEntries(bytes, dynamic)
  const table = entries.find(([tag]) => tag === STRINGS)?.[1]
  const holder = segments.find(
    ({ type, address, size }) => type === LOAD && table !== undefined && table >= address && table < address + size,
  )
  if (table === undefined || holder === undefined) return []
  const start = table - holder.address + holder.offset
  return entries.filter(([tag]) => tag === NEEDED).map(([, offset]) => readText(bytes, start + offset))
}

function readSegments(bytes: Buffer): readonly Segment[] {
  const start = Number(bytes.readBigUInt64LE(32))
  const size = bytes.readUInt16LE(54)
  const count = bytes.readUInt16LE(56)
  return Array.from({ length: count }, (_, index) => start + index * size)
    .filter(at => at + 56 <= bytes.length)
    .map(at => ({
      type: bytes.readUInt32LE(at),
      offset: Number(bytes.readBigUInt64LE(at + 8)),
      address: Number(bytes.readBigUInt64LE(at + 16)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
    }))
}

/** Pairs of a tag and a value. */
function readEntries(bytes: Buffer, { offset, size }: Segment): readonly (readonly [number, number])[] {
  const end = Math.min(offset + size, bytes.length - 15)
  const entries: (readonly [number, number])[] = []
  for (let at = offset; at < end; at += 16) {
    entries.push([Number(bytes.readBigUInt64LE(at)), Number(bytes.readBigUInt64LE(at + 8))])
  }
  return entries
}

function readText(bytes: Buffer, start: number): string {
  const end = bytes.indexOf(0, start)
  return bytes.toString('latin1', start, end === -1 ? start : end)
}
