import { deepStrictEqual } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fill } from '../fill.js'
import { openPage, predictor, run, withServer } from '../open.js'

export const name = 'code samples, run as they are printed, get the answer that the page got, whatever the values hold'

/** What shells and languages read as something else. */
const HARD = [
  'it\'s "quoted" $HOME `date` $(date) \\n $x %d',
  'two\nlines\ttab',
  '😀 é \u2028 </script>',
  "'",
  '\\',
  '!',
]

const TOKEN = 'a-token-of-32-characters-or-more'

export async function check(browser) {
  await withServer(predictor('told'), {}, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    for (const text of HARD) {
      await page.getByRole('button', { name: 'Reset' }).click()
      await fillAll(page, text)
      await checkSamples(page)
    }
    await close()
  })
  for (const kind of ['form', 'image']) await withServer(predictor(kind), {}, checkFiles(browser, kind))
  const options = {
    words: ['--class-name', 'Bearer', '--public-openapi'],
    env: { PAGE_TOKEN: TOKEN, PAGE_USERS: 'a:b', PAGE_SECRET: TOKEN },
  }
  await withServer(predictor('guarded'), options, async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    await page.locator('[data-credential=bearer]').fill(TOKEN)
    await checkSamples(page)
    await close()
  })
}

/** A file of the form, or as the body, under a name that shells and languages read as something else. */
function checkFiles(browser, kind) {
  const folder = mkdtempSync(join(tmpdir(), 'incant-sample-'))
  const file = {
    name: "it's $HOME.png",
    mimeType: 'image/png',
    buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255]),
  }
  return async ({ url }) => {
    const { page, close } = await openPage(browser, url)
    try {
      writeFileSync(join(folder, file.name), file.buffer)
      await page.locator('input[type=file]').first().setInputFiles(file)
      if (kind === 'form') {
        await openMore(page)
        await fill(page, '#/top', 3)
        await fill(page, '#/tags', [HARD[0], 'b'])
      }
      await checkSamples(page, folder)
    } finally {
      rmSync(folder, { recursive: true })
      await close()
    }
  }
}

/** Shows the fields that may be left out. */
const openMore = page =>
  page.locator('details.more').evaluateAll(all => {
    for (const details of all) details.setAttribute('open', '')
  })

async function fillAll(page, text) {
  await openMore(page)
  await fill(page, '#/text', text)
  await fill(page, '#/list', [text, ''])
  await fill(page, '#/deep', { a: 1.5 })
}

async function checkSamples(page, folder) {
  const { status } = await run(page)
  deepStrictEqual(status, 200)
  await page.getByRole('tab', { name: 'Raw' }).click()
  const expected = JSON.parse(await page.locator('pre.raw').textContent())
  await page.getByRole('tab', { name: 'View' }).click()
  for (const [tab, runSample] of Object.entries(RUNNERS)) {
    await page.getByRole('tab', { name: tab }).click()
    const code = await page.locator('.code pre').textContent()
    const answer = runSample(code, folder)
    if (answer !== undefined) deepStrictEqual(JSON.parse(answer), expected, code)
  }
}

const RUNNERS = {
  curl: (code, folder) => start('bash', ['-c', code.replace('curl ', 'curl -sS ')], folder),
  Python: (code, folder) => start('python3', ['-c', code], folder),
  JavaScript: (code, folder) => start(process.execPath, ['--input-type=module', '-e', code], folder),
  TypeScript: compile,
}

function start(command, words, cwd) {
  const { status, stdout, stderr } = spawnSync(command, words, {
    encoding: 'utf8',
    env: { ...process.env, TOKEN },
    cwd,
  })
  deepStrictEqual(status, 0, `${words.at(-1)}\n${stderr}`)
  return stdout
}

/** Beside the packages, so that the file finds them. It has only to compile. */
function compile(code) {
  const folder = mkdtempSync(fileURLToPath(new URL('../predictors/sample-', import.meta.url)))
  try {
    writeFileSync(join(folder, 'sample.ts'), code)
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      noEmit: true,
      types: ['node'],
      skipLibCheck: true,
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
    const tsc = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url))
    const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', folder], {
      encoding: 'utf8',
      cwd: dirname(folder),
    })
    deepStrictEqual(status, 0, `${code}\n${stdout}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
