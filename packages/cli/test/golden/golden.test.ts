import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { MISTAKES } from './mistakes.ts'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))

describe('a mistake is answered with exactly', () => {
  it.each(MISTAKES)(
    '$name.txt',
    { tags: ['slow'] },
    async ({ name, files, words = ['serve', 'predictor.ts'], env = {} }) => {
      const cwd = temporaryFolder(files)
      const { code, stdout, stderr } = await runIncant(words, { cwd, env: { NO_COLOR: '1', INCANT_PORT: '0', ...env } })
      const printed = `$ incant ${words.join(' ')}\n${(stdout + stderr).replaceAll(cwd, '/project')}`
      await expect(printed).toMatchFileSnapshot(join(FOLDER, `${name}.txt`))
      expect(code).toBe(1)
    },
  )

  it('a file for each, and every file has what, a fix and a page', () => {
    const names = readdirSync(FOLDER).filter(name => name.endsWith('.txt'))
    expect(names.sort()).toEqual(MISTAKES.map(({ name }) => `${name}.txt`).sort())
    for (const name of names) {
      const text = readFileSync(join(FOLDER, name), 'utf8')
      expect(text, name).toMatch(/^error\[\w+\]: \S/m)
      expect(text, name).toMatch(/^ {2}fix: \S/m)
      expect(text, name).toMatch(/^ {2}docs: \S*docs\/errors\.md#\w+$/m)
    }
  })
})
