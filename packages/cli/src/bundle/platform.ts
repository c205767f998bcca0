import type { Libc, Platform } from './manifest.ts'
import { cannotBuild } from './problem.ts'

/** Processors by the names that images have for them, where Node has others. */
const ARCHITECTURES: Readonly<Record<string, string>> = { amd64: 'x64', '386': 'ia32' }

/**
 * The system that a bundle is for.
 *
 * @param text - `linux/arm64`, as images are named. Absent: this system.
 * @param base - The image that it will run on: those made from Alpine Linux have musl for their C library.
 * @throws {StartupError} `cannot_build`.
 */
export function readPlatform(text: string | undefined, base: string): Platform {
  const [os = '', arch = '', ...others] = (text ?? `${process.platform}/${process.arch}`).split('/')
  if (os === '' || arch === '' || others.length > 0)
    throw cannotBuild(`--platform ${text} is no system`, 'Write it as OS/ARCH: --platform linux/arm64')
  const platform = { os, arch: ARCHITECTURES[arch] ?? arch }
  return os === 'linux' ? { ...platform, libc: /alpine|musl/.test(base) ? 'musl' : 'glibc' } : platform
}

/** Whether packages that are installed here are for it. */
export function isThisSystem({ os, arch, libc }: Platform): boolean {
  return os === process.platform && arch === process.arch && (libc === undefined || libc === ownLibc())
}

/** The C library that this process runs with: Node's report names the version of glibc alone. */
export function ownLibc(): Libc {
  const header: unknown = Reflect.get(Object(process.report.getReport()), 'header')
  return Reflect.get(Object(header), 'glibcVersionRuntime') === undefined ? 'musl' : 'glibc'
}
