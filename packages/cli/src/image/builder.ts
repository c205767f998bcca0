import { spawnSync } from 'node:child_process'
import type { Platform } from '../bundle/manifest.ts'
import { cannotBuild } from '../bundle/problem.ts'
import { formatReference, type Reference } from '../oci/reference.ts'
import type { BaseName } from './base-name.ts'
import { toImagePlatform } from './systems.ts'

/** What makes an image: a program from the Dockerfile, or this command itself. */
export type Builder = Program | 'layout'

type Program = 'docker' | 'podman' | 'buildah'

/** What a program is asked, to see that it is there and works. */
const PROBES: Readonly<Record<Program, readonly string[]>> = {
  docker: ['buildx', 'inspect'],
  podman: ['info'],
  buildah: ['info'],
}

/** What an image needs of its builder. */
export interface Needs {
  readonly base: BaseName
  readonly platforms: number
}

/**
 * The builder that is asked for, or the first that is there and can make the image.
 *
 * @param asked - The value of `--builder`.
 * @throws {StartupError} `cannot_build`
 */
export function chooseBuilder(asked: string | undefined, needs: Needs): Builder {
  const programs = Object.keys(PROBES).filter(isProgram)
  const reason = needsLayout(needs)
  if (asked === undefined) return (reason === undefined ? programs.find(works) : undefined) ?? 'layout'
  if (asked === 'layout') return asked
  if (!isProgram(asked))
    throw cannotBuild(`--builder ${asked} is none`, `The builders are ${programs.join(', ')} and layout.`)
  if (reason !== undefined) throw cannotBuild(`${asked} does not make this image: ${reason}`, 'Write --builder layout.')
  if (works(asked)) return asked
  const words = [asked, ...PROBES[asked]].join(' ')
  throw cannotBuild(`${words} fails here`, 'Install and start it, or write --builder layout, which needs no program.')
}

function isProgram(text: string): text is Program {
  return Object.hasOwn(PROBES, text)
}

function works(program: Program): boolean {
  return spawnSync(program, PROBES[program], { stdio: 'ignore' }).status === 0
}

function needsLayout({ base, platforms }: Needs): string | undefined {
  if (platforms > 1) return 'it is for several platforms'
  return base.kind === 'registry' ? undefined : 'its base is not in a registry'
}

/** What a program builds. */
export interface ProgramOptions {
  /** The folder of the bundle. */
  readonly bundle: string
  readonly reference: Reference
  readonly platform: Platform
  readonly push: boolean
}

/**
 * Makes an image of a bundle, by its Dockerfile.
 *
 * @throws {StartupError} `cannot_build`
 */
export function runBuilder(builder: Program, options: ProgramOptions): void {
  for (const words of builder === 'docker' ? dockerCalls(options) : buildahCalls(options)) run(builder, words)
}

type Call = readonly string[]

function dockerCalls({ bundle, reference, platform, push }: ProgramOptions): readonly Call[] {
  const name = formatReference(reference)
  const end = push ? '--push' : '--load'
  return [['buildx', 'build', '--provenance=false', `--platform=${systemOf(platform)}`, `--tag=${name}`, end, bundle]]
}

/** Podman has the commands of Buildah. */
function buildahCalls({ bundle, reference, platform, push }: ProgramOptions): readonly Call[] {
  const name = formatReference(reference)
  const plain = reference.origin.startsWith('http:') ? ['--tls-verify=false'] : []
  const build = ['build', ...plain, `--platform=${systemOf(platform)}`, '--timestamp=0', `--tag=${name}`, bundle]
  return push ? [build, ['push', ...plain, name]] : [build]
}

function systemOf(platform: Platform): string {
  const { os, architecture } = toImagePlatform(platform)
  return `${os}/${architecture}`
}

/** The time of files is that of 1970, so that the same bundle gives the same layers. */
function run(program: Program, words: Call): void {
  const env = { ...process.env, SOURCE_DATE_EPOCH: '0' }
  const { status } = spawnSync(program, words, { env, stdio: ['ignore', 2, 2] })
  if (status === 0) return
  throw cannotBuild(
    `${[program, ...words].join(' ')} failed`,
    'Its own words are above; --builder layout needs no program.',
  )
}
