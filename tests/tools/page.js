// The page to try a predictor, in a real browser and against real servers: what it must do, check by check.
//
//   node tests/tools/page.js [NAME …]
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inParallel } from '../in-parallel.js'

const here = path => fileURLToPath(new URL(path, import.meta.url))

if (!existsSync(here('node_modules/playwright-core'))) {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: here('.'), stdio: 'inherit' })
  if (status !== 0) throw new Error('npm ci failed')
}

const { withBrowser } = await import('./page/open.js')
const names = process.argv.slice(2)
const files = readdirSync(here('page/checks')).filter(
  file => names.length === 0 || names.includes(file.replace('.js', '')),
)
/** Those that measure time or a rate, which others beside them would change. */
const ALONE = ['answers.js', 'live.js', 'streams.js']
const failed = []

await withBrowser(async browser => {
  const checkFile = async file => {
    const { name, check } = await import(`./page/checks/${file}`)
    try {
      await check(browser)
      console.log(`${file.replace('.js', '')}: ${name}`)
    } catch (error) {
      failed.push(file)
      console.error(`FAILED ${file.replace('.js', '')}: ${name}`)
      console.error(error)
    }
  }
  await inParallel(
    files.filter(file => !ALONE.includes(file)),
    checkFile,
  )
  for (const file of files.filter(name => ALONE.includes(name))) await checkFile(file)
})

console.log(`${files.length - failed.length} of ${files.length} checks of the page pass`)
if (failed.length > 0) process.exitCode = 1
