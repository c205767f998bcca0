import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import { readElf } from './elf.ts'
import { listFiles } from './files.ts'
import type { Libc, Platform } from './manifest.ts'

/** Native modules, and the libraries that come with them. */
const NATIVE = /\.(node|so(\.\d+)*)$/

/**
 * Checks that the native modules of a bundle run on the system that it is for, from the heads of their files.
 *
 * @param files - Paths from the root.
 * @throws {StartupError} `wrong_platform`, with every file that does not.
 */
export function checkNativeModules(root: string, files: readonly string[], platform: Platform): void {
  const wrong = nativeModulesFor(files, platform).flatMap(
    path => describeMisfit(path, readFileSync(join(root, path)), platform) ?? [],
  )
  if (wrong.length === 0) return
  throw new StartupError({
    code: 'wrong_platform',
    found: `${wrong.length === 1 ? 'a native module does' : 'native modules do'} not run on ${describe(platform)}:\n${wrong.map(line => `  ${line}`).join('\n')}`,
    instead: 'Choose another --base or --platform, or a version of the package that is for this one.',
  })
}

/**
 * Checks that no package of a bundle for another system had to be compiled: it would have no native module. Those that come with a
 * module for each system have one.
 *
 * @param places - The folders of packages, from the root.
 * @throws {StartupError} `wrong_platform`, with every package that does.
 */
export function checkCompiled(root: string, places: readonly string[], platform: Platform): void {
  const compiled = places
    .filter(place => existsSync(join(root, place, 'binding.gyp')))
    .filter(place => nativeModulesFor(listFiles(join(root, place)), platform).length === 0)
  if (compiled.length === 0) return
  throw new StartupError({
    code: 'wrong_platform',
    found: `what is compiled when it is installed cannot be installed for ${describe(platform)} here:\n${compiled.map(place => `  ${place}`).join('\n')}`,
    instead:
      'Build on a system like that one, such as in a container, or take a package that is published as binaries.',
  })
}

/** Those of the files that are native modules, and not by their path for another system. */
export function nativeModulesFor(files: readonly string[], platform: Platform): readonly string[] {
  return files.filter(path => NATIVE.test(path) && !isForAnother(path, platform))
}

/** Packages that ship a module for each system have the names of the others in their paths. */
function isForAnother(path: string, { os, arch }: Platform): boolean {
  const names = path.split(/[^a-z0-9]+/i)
  const others = (all: readonly string[], own: string): boolean =>
    !names.includes(own) && all.some(name => name !== own && names.includes(name))
  return others(['linux', 'darwin', 'win32', 'android', 'freebsd'], os) || others(['x64', 'arm64', 'arm', 'ia32'], arch)
}

function describeMisfit(path: string, bytes: Buffer, { os, arch, libc }: Platform): string | undefined {
  const head = readElf(bytes)
  if (os !== 'linux') return head === undefined ? undefined : `${path} is for linux`
  if (head === undefined) return `${path} is for another system than linux`
  if (head.arch !== arch) return `${path} is for ${head.arch ?? 'another processor'}`
  const wanted = libcOf(head.libraries)
  return wanted === undefined || libc === undefined || wanted === libc ? undefined : `${path} needs ${wanted}`
}

/** The C library that a module was linked with. Undefined: none is named. */
function libcOf(libraries: readonly string[]): Libc | undefined {
  if (libraries.some(name => /^libc\.musl-|^ld-musl-/.test(name) || name === 'libc.so')) return 'musl'
  return libraries.includes('libc.so.6') ? 'glibc' : undefined
}

function describe({ os, arch, libc }: Platform): string {
  return [`${os}/${arch}`, ...(libc === undefined ? [] : [`with ${libc}`])].join(' ')
}
