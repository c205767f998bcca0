import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Block, type Command, fileName, readBlocks, readCommands } from './documentation/blocks.ts'
import { createProject, ROOT, removeProject } from './documentation/project.ts'
import { type Outcome, Shell } from './documentation/shell.ts'

/** Languages of blocks that show something instead of doing it. */
const SHOWN = new Set(['text', 'json', 'http', 'yaml'])

/** What a server refuses where files that a document speaks of are not there. */
const NEEDS_OF_THE_READER =
  /^error\[(?:invalid_auth\]: .* cannot be read from their file: ENOENT|insecure_http\]: a private server needs a certificate|invalid_tls\]: @mutualTlsAuth requires client certificates)/

const documents = [
  'README.md',
  // Without docs/api, whose examples are those of the code: they stand alone nowhere.
  ...readdirSync(join(ROOT, 'docs')).flatMap(name => (name.endsWith('.md') ? `docs/${name}` : [])),
  ...readdirSync(join(ROOT, 'packages')).map(name => `packages/${name}/README.md`),
].filter(name => name.endsWith('.md'))

describe.each(documents)('%s', document => {
  const text = readFileSync(join(ROOT, document), 'utf8')
  const blocks = readBlocks(text)
  const code = blocks.filter(block => block.language === 'ts' && block.notRun === undefined)
  const where = (line: number) => `${document}:${line}`
  let folder: string
  let shell: Shell

  beforeAll(() => {
    folder = createProject()
    shell = new Shell(folder)
    for (const block of [...code, ...blocks.filter(isSettings)])
      writeFileSync(join(folder, nameOf(block)), `${block.code}\n`)
  })

  afterAll(async () => {
    await shell.stop()
    removeProject(folder)
  })

  test('every block is run, compiled or shown', () => {
    for (const { language, line, notRun } of blocks) {
      expect(
        notRun !== undefined || SHOWN.has(language) || ['ts', 'sh', 'console'].includes(language),
        where(line),
      ).toBe(true)
    }
  })

  test('every link to a file leads somewhere', () => {
    const targets = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target)
    expect(targets.filter(target => !existsSync(join(ROOT, dirname(document), target)))).toEqual([])
  })

  const commands = blocks.flatMap(block => (isRun(block) ? readCommands(block) : [])).map(({ text }) => text)
  const unserved = code.filter(block => !commands.some(command => command.includes(nameOf(block))))

  for (const block of unserved.filter(block => /export default class \w+ extends BasePredictor/.test(block.code))) {
    test(`${where(block.line)} is a predictor that can be served`, { tags: ['slow'] }, async () => {
      const { code, output } = await shell.run(`npx incant serve --validate ${nameOf(block)}`)
      // Its types and decorators are right; the secrets and certificates that it names are the reader's.
      if (NEEDS_OF_THE_READER.test(output)) return
      expect(output).not.toMatch(/warn|error/i)
      expect(code, output).toBe(0)
    })
  }

  for (const [index, block] of blocks.entries()) {
    if (!isRun(block)) continue
    const below = blocks[index + 1]
    const answer = below?.language === 'json' && below.notRun === undefined ? below : undefined
    test(`${where(block.line)} does what it says`, { tags: ['slow'] }, async () => {
      shell.goHome()
      let outcome: Outcome | undefined
      for (const command of readCommands(block)) outcome = await runCommand(shell, command)
      if (answer !== undefined && outcome !== undefined) expectAnswer(outcome.output, answer)
    })
  }

  // At last: code may import what a command writes.
  test.runIf(code.length > 0)('the code compiles', { tags: ['slow'] }, async () => {
    expect(await compile(folder)).toBe('')
  })
})

function isRun({ language, notRun }: Block): boolean {
  return notRun === undefined && (language === 'sh' || language === 'console')
}

/** A file that commands of the document name. */
function isSettings(block: Block): boolean {
  return block.language === 'yaml' && fileName(block) !== undefined
}

function nameOf(block: Block): string {
  return fileName(block) ?? `line-${block.line}.ts`
}

async function compile(folder: string): Promise<string> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, '--project', folder]).catch(error => error)
  return String(stdout)
}

/** A command prints what stands below it; one that prints nothing there succeeds. */
async function runCommand(shell: Shell, command: Command): Promise<Outcome> {
  const outcome = await shell.run(command.text)
  if (command.output.length === 0) expect(outcome.code ?? 0, `${command.text}\n${outcome.output}`).toBe(0)
  let rest = outcome.output
  for (const line of command.output.filter(line => line !== '' && line !== '…')) {
    expect(rest, command.text).toContain(line)
    rest = rest.slice(rest.indexOf(line) + line.length)
  }
  return outcome
}

/** A `json` block below a command is its answer; `…` as a value stands for any. */
function expectAnswer(output: string, { code }: Block): void {
  const start = output.search(/[[{]/)
  const actual: unknown = JSON.parse(output.slice(start))
  const expected: unknown = JSON.parse(code, (_key, value: unknown) => (value === '…' ? expect.anything() : value))
  expect(actual).toEqual(expected)
}
