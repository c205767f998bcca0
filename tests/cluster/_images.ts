import { execFileSync } from 'node:child_process'
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type ImageConfig, type Layer, Layout } from './_layout.ts'

/** The images of the tests. */
export const IMAGES = {
  one: 'incant.local/words:1',
  two: 'incant.local/words:2',
  torn: 'incant.local/words:torn',
  reading: 'incant.local/words:reading',
  secured: 'incant.local/words:secured',
  model: 'incant.local/models/words:v1',
  nextModel: 'incant.local/models/words:v2',
  emptyModel: 'incant.local/models/words:empty',
  modelWithShell: 'incant.local/models/words:shell',
  kserve: 'incant.local/kserve:1',
} as const

/** The image that keeps the namespaces of each pod. */
export function packPause(scratch: string, program: string, archive: string): void {
  const layout = new Layout(join(scratch, 'pause-layout'))
  const root = join(scratch, 'pause')
  mkdirSync(root, { recursive: true })
  execFileSync('cp', [program, join(root, 'pause')])
  layout.addImage('incant.local/pause:1', [layout.addLayer(root, ['pause'])], { Entrypoint: ['/pause'], User: '65532' })
  layout.pack(archive)
}

/** What the images are made of: the folders of bundles, and the controller of KServe. */
export interface Contents {
  readonly words: string
  readonly secured: string
  readonly kserve: string
}

/** Images of bundles, of models, and of KServe. */
export function packImages(scratch: string, { words, secured, kserve }: Contents, archive: string): void {
  const layout = new Layout(join(scratch, 'layout'))
  const node = nodeLayer(layout)
  const server = [node, bundleLayer(layout, words)]
  layout.addImage(IMAGES.one, server, runs('1'))
  layout.addImage(IMAGES.two, server, runs('2'))
  layout.addImage(IMAGES.torn, server, runs('torn'))
  layout.addImage(IMAGES.reading, server, runs('1', 'READS_MODEL=yes'))
  layout.addImage(IMAGES.secured, [node, bundleLayer(layout, secured)], runs('1'))
  layout.addImage(IMAGES.model, [modelLayer(layout, scratch, 'first')])
  layout.addImage(IMAGES.nextModel, [modelLayer(layout, scratch, 'second')])
  // A layer that is no tar archive of files, as some packers of models write it, ends up as no file at all.
  const empty = join(scratch, 'empty')
  mkdirSync(empty, { recursive: true })
  layout.addImage(IMAGES.emptyModel, [layout.addLayer(empty, ['.'])])
  layout.addImage(IMAGES.modelWithShell, [shellLayer(layout), modelLayer(layout, scratch, 'third', ['models'])])
  const manager = layout.addLayer(dirname(kserve), [basename(kserve)], ['--transform=s,.*,manager,'])
  layout.addImage(IMAGES.kserve, [manager], { Entrypoint: ['/manager'], User: '65532' })
  layout.pack(archive)
}

function runs(version: string, ...env: readonly string[]): ImageConfig {
  return {
    Entrypoint: [process.execPath, '/app/server.js'],
    Env: ['PATH=/usr/bin', 'NODE_ENV=production', 'INCANT_HOST=0.0.0.0', `VERSION=${version}`, ...env],
    WorkingDir: '/app',
    User: '65532:65532',
  }
}

function bundleLayer(layout: Layout, bundle: string): Layer {
  return layout.addLayer(bundle, ['.'], ['--transform=s,^\\./,app/,;s,^\\.$,app,'])
}

/** Node of this machine: no shell, no package manager. */
function nodeLayer(layout: Layout): Layer {
  return programsLayer(layout, [process.execPath])
}

/** What KServe starts in the image of a model. */
function shellLayer(layout: Layout): Layer {
  return programsLayer(layout, ['/bin/sh', '/bin/ln', '/bin/ls', '/bin/sleep'])
}

/** Programs of this machine and the libraries that they load. */
function programsLayer(layout: Layout, programs: readonly string[]): Layer {
  const listed = execFileSync('ldd', programs, { encoding: 'utf8' })
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path)
  const paths = [...programs, ...libraries].map(path => path.slice(1))
  // What is linked is copied, so that the image has no link to a folder it lacks.
  return layout.addLayer('/', [...new Set(paths)].sort(), ['--dereference'])
}

/** A file with a word, in a folder of the image or at its root. */
function modelLayer(layout: Layout, scratch: string, word: string, folder: readonly string[] = []): Layer {
  const root = join(realpathSync(scratch), word)
  const path = join(...folder, 'words.txt')
  mkdirSync(join(root, ...folder), { recursive: true })
  writeFileSync(join(root, path), `${word}\n`)
  return layout.addLayer(root, [path])
}
