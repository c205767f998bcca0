import type { FlagValues } from '../arguments/parse.ts'
import { BASE } from '../bundle/dockerfile.ts'
import type { Platform } from '../bundle/manifest.ts'
import { readPlatform } from '../bundle/platform.ts'
import { cannotBuild } from '../bundle/problem.ts'
import { parseReference, type Reference } from '../oci/reference.ts'
import { type BaseName, readBaseName } from './base-name.ts'
import { type Builder, chooseBuilder } from './builder.ts'

/** What `incant build` is asked for beside a bundle. */
export interface ImagePlan {
  /** Absent: a bundle alone. */
  readonly reference: Reference | undefined
  readonly builder: Builder | undefined
  readonly platforms: readonly [Platform, ...Platform[]]
  readonly base: BaseName
  /** As it was given. */
  readonly baseName: string
  /** What the Dockerfile begins with: an image of a registry, in any case. */
  readonly dockerBase: string
  readonly push: boolean
}

/**
 * Reads the flags of `incant build` that are about images.
 *
 * @throws {StartupError} `cannot_build`, `invalid_reference`.
 */
export function readImage(flags: FlagValues): ImagePlan {
  const value = (name: string): string | undefined => flags.get(name)?.at(-1)
  const image = value('image')
  const baseName = value('base') ?? BASE
  const base = readBaseName(baseName)
  const platforms = readPlatforms(flags.get('platform') ?? [], baseName)
  if (image === undefined) refuseWithoutImage(flags, platforms.length, base)
  const reference = image === undefined ? undefined : readReference(image)
  return {
    ...{ reference, platforms, base, baseName },
    builder: reference && chooseBuilder(value('builder'), { base, platforms: platforms.length }),
    dockerBase: base.kind === 'registry' ? baseName : BASE,
    push: value('push') === 'true',
  }
}

function readPlatforms(given: readonly string[], base: string): ImagePlan['platforms'] {
  const [first, ...others] = [...new Set(given.flatMap(text => text.split(',')))]
  return [readPlatform(first, base), ...others.map(text => readPlatform(text, base))]
}

/** A digest is what an image gets, not what it is asked to have. */
function readReference(given: string): Reference {
  const reference = parseReference(given)
  if (reference.digest === undefined) return reference
  throw cannotBuild(`--image ${given} names a digest`, 'Name a tag: --image NAME:TAG')
}

function refuseWithoutImage(flags: FlagValues, platforms: number, base: BaseName): void {
  const given = ['builder', 'push'].find(name => flags.has(name))
  if (given !== undefined) throw cannotBuild(`--${given} is for an image`, 'Name one: --image NAME:TAG')
  if (platforms > 1)
    throw cannotBuild('a bundle is for one platform', 'Write --platform once, or add --image NAME:TAG.')
  if (base.kind !== 'registry')
    throw cannotBuild('--base names no image of a registry, and there is no --image', 'Add --image NAME:TAG.')
}
