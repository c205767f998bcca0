import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Builds the page that a server shows at `/`: script and style of packages/playground in one HTML file, which the package
 * incant ships. Takes about 50 ms. Only what changed is written.
 *
 * @param {string} root the checkout
 */
export async function buildPlayground(root) {
  const source = join(root, 'packages', 'playground', 'src')
  const [script, style] = await Promise.all([
    bundleOne(root, join(source, 'main.tsx')),
    bundleOne(root, join(source, 'style.css')),
  ])
  const template = readFileSync(join(source, 'page.html'), 'utf8')
  const html = template
    // A function, since `$&` in a text would be an instruction.
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('<script></script>', () => `<script type="module">${script}</script>`)
  writeChanged(join(root, 'packages', 'incant', 'dist', 'playground.html'), html)
}

async function bundleOne(root, entry) {
  // Only now: it may have been installed a moment ago.
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The older form of JSX, whose calls are shorter.
    tsconfigRaw: { compilerOptions: { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'Fragment' } },
    inject: [join(root, 'packages', 'playground', 'src', 'jsx.ts')],
    // From the sources, as only a small part is used.
    alias: { 'incant/internal/readings': join(root, 'packages', 'incant', 'src', 'readings', 'index.ts') },
    write: false,
    logLevel: 'warning',
  })
  const text = outputFiles[0].text.trimEnd()
  if (/<\/(script|style)|<!--/i.test(text))
    throw new Error(`${entry}: its code would end the element that it stands in`)
  return text
}

/** The file appears whole or not at all: a server may be reading it. */
function writeChanged(path, text) {
  try {
    if (readFileSync(path, 'utf8') === text) return
  } catch {
    // There is none yet.
  }
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}
