import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/arguments/command.ts'
import { describeCommand, describeCommands } from '../../src/arguments/help.ts'
import { commonOptions, optionsOf, TOPICS, type Topic } from '../../src/arguments/topics.ts'

const { serve, manifest } = COMMANDS
const topics = Object.keys(TOPICS) as Topic[] // the keys of a literal are its own

/** The flags that a help lists. */
function flagsIn(help: string): readonly string[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?--(?:no-)?([a-z-]+)/gm)].map(([, name = '']) => name)
}

describe('the help of serve', () => {
  it('has the ten common options', () => {
    const help = describeCommand(serve)
    expect(flagsIn(help)).toEqual(commonOptions(serve.options).map(({ flag }) => flag.slice(2)))
    expect(flagsIn(help)).toHaveLength(10)
    expect(help).toContain('incant serve --help all lists every option')
  })

  it('has every option once, by topic, where all are asked for', () => {
    const help = describeCommand(serve, 'all')
    expect([...flagsIn(help)].sort()).toEqual(serve.options.map(({ flag }) => flag.slice(2)).sort())
    for (const topic of topics.filter(topic => optionsOf(topic, serve.options).length > 0))
      expect(help).toContain(`\n${TOPICS[topic]}:\n`)
  })

  it('has the options of one topic', () => {
    for (const topic of topics) {
      expect(flagsIn(describeCommand(serve, topic))).toEqual(
        optionsOf(topic, serve.options).map(({ flag }) => flag.slice(2)),
      )
    }
  })

  it('has the common ones where the word after it is no topic', () => {
    expect(describeCommand(serve, 'p.ts')).toBe(describeCommand(serve))
  })
})

it('the help of manifest has its own options first, and every one once', () => {
  expect(flagsIn(describeCommand(manifest)).slice(0, 3)).toEqual(['for', 'image', 'model-image'])
  const help = describeCommand(manifest, 'all')
  expect([...flagsIn(help)].sort()).toEqual(manifest.options.map(({ flag }) => flag.slice(2)).sort())
  expect(help).toContain(`\n${TOPICS.callers}:\n`)
  // Its options are those of one call.
  expect(help).not.toContain('environment variable: --')
})

it('no line of any help is wider than 100 columns', () => {
  const helps = [...Object.values(COMMANDS).map(command => describeCommand(command, 'all')), describeCommand(serve)]
  const lines = [describeCommands(), ...helps].join('\n').split('\n')
  expect(lines.filter(line => line.length > 100)).toEqual([])
})
