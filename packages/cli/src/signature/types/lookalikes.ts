import { suggest } from '../../report/suggest.ts'
import { CONSTRAINT_TAGS } from './constraints.ts'
import type { Documentation } from './documentation.ts'
import type { Problem } from './problem.ts'

type Tag = Documentation['tags'][number]

/** Tags of JSDoc and TSDoc that resemble one of Incant's by chance. */
const UNRELATED: readonly string[] = ['internal', 'interface', 'inheritDoc', 'inheritdoc', 'defaultValue', 'import']

/** The warning about a tag that does nothing and looks like a constraint. */
export function findLookalike({ name, text = '' }: Tag): Problem | undefined {
  const isKind =
    name === 'asType' ||
    name === 'TJS-type' ||
    (name === 'type' && /^(?:int|integer|number|string)\b/.test(text.trim()))
  if (isKind) return doesNothing(`@${name} ${text.trim()}`, 'Write @integer for whole numbers; the type says the rest.')
  if (CONSTRAINT_TAGS.includes(name) || UNRELATED.includes(name)) return undefined
  const meant = name.length < 5 ? undefined : suggest(name, CONSTRAINT_TAGS)
  return meant === undefined ? undefined : doesNothing(`@${name}`, `Write @${meant}.`)
}

function doesNothing(tag: string, instead: string): Problem {
  return { code: 'invalid_constraint', found: `has ${tag}, which does nothing`, instead }
}
