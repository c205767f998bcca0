import { execFileSync } from 'node:child_process'
import { realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Platform } from '../bundle/manifest.ts'
import { nativeModulesFor } from '../bundle/native-modules.ts'
import { isThisSystem } from '../bundle/platform.ts'
import { cannotBuild } from '../bundle/problem.ts'
import { bytesContent } from '../content/content.ts'
import type { TarEntry } from '../content/tar.ts'
import { fileEntry } from './entries.ts'

/** The place of Node in an image that has no other base. */
export const HOST_NODE = '/usr/bin/node'

/**
 * The files of an image that begins with nothing: the Node that runs this command, the libraries that it and the native modules
 * of a bundle load, and the names of two users. No shell, no package manager.
 *
 * @param bundle - The folder of the bundle.
 * @throws {StartupError} `cannot_build`
 */
export function hostEntries(bundle: string, files: readonly string[], platform: Platform): readonly TarEntry[] {
  if (process.platform !== 'linux' || !isThisSystem(platform))
    throw cannotBuild(
      `--base host is the Node of this machine, which does not run on ${platform.os}/${platform.arch}`,
      'Name an image: --base IMAGE',
    )
  const node = realpathSync(process.execPath)
  const native = nativeModulesFor(files, platform).map(path => join(bundle, path))
  const libraries = new Set([node, ...native].flatMap(path => librariesOf(path, bundle)))
  return [
    fileEntry(HOST_NODE.slice(1), node, 0o755),
    ...[...libraries].sort().map(path => fileEntry(path.slice(1), path, 0o755)),
    textEntry('etc/passwd', 'root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n'),
    textEntry('etc/group', 'root:x:0:\nnonroot:x:65532:\n'),
    textEntry('etc/nsswitch.conf', 'hosts: files dns\n'),
    { kind: 'folder', path: 'tmp', mode: 0o1777 },
  ]
}

function textEntry(path: string, text: string): TarEntry {
  return { kind: 'file', path, content: bytesContent(Buffer.from(text)) }
}

/** The absolute paths of the libraries that the loader of this system finds for a file, outside of the bundle. */
function librariesOf(path: string, bundle: string): readonly string[] {
  const lines = execFileSync('ldd', [path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')
  const missing = lines.flatMap(line => /^\s*(\S+) => not found/.exec(line)?.[1] ?? [])
  if (missing.length > 0)
    throw cannotBuild(
      `${path} needs ${missing.join(', ')}, which this system does not have`,
      'Install it, or name a --base.',
    )
  return lines
    .flatMap(line => /(?:=>\s*|^\s*)(\/\S+) \(0x/.exec(line)?.[1] ?? [])
    .filter(library => !library.startsWith(bundle) && statSync(library).isFile())
}
