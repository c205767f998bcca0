import { spawnSync } from 'node:child_process'
import { relative } from 'node:path'
import { withSlashes } from './files.ts'
import type { Platform } from './manifest.ts'
import { cannotBuild } from './problem.ts'
import type { Manager, Project } from './project.ts'

/** What to install, and for what. */
export interface InstallOptions {
  readonly project: Project
  /** The copy of the root of the project. */
  readonly stage: string
  /** Absent: this system. */
  readonly platform: Platform | undefined
}

interface Call {
  readonly program: string
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Installs the production packages of a project, with the versions of its lockfile, by its own package manager, into
 * `node_modules` of the copy of its root.
 *
 * @throws {StartupError} `cannot_build`.
 */
export function installPackages(options: InstallOptions): void {
  const { manager } = options.project
  if (options.platform !== undefined && manager !== 'npm') {
    throw cannotBuild(
      `${programOf(manager)} installs packages for this system alone, and --platform names another one`,
      'Build on a system like that one, such as in a container.',
    )
  }
  const { program, words, env } = CALLS[manager](options)
  const { error, status, stdout, stderr } = spawnSync(program, words, {
    cwd: options.stage,
    encoding: 'utf8',
    env: { ...withoutOuterCall(process.env), NODE_ENV: 'production', ...env },
    maxBuffer: 64 * 1024 ** 2,
    shell: process.platform === 'win32',
  })
  if (error !== undefined)
    throw cannotBuild(
      `${program} cannot be run: ${error.message}`,
      `Install ${program}: the lockfile is its own.`,
      error,
    )
  if (status === 0) return
  const last = `${stderr}\n${stdout}`.trim().split('\n').slice(-15).join('\n')
  throw cannotBuild(
    `${[program, ...words].join(' ')} failed:\n${last}`,
    'Bring the lockfile up to date, and commit it: install once in the project.',
  )
}

/** Variables with which npm and its like tell their own scripts how they were called: which workspace, which folder. */
function withoutOuterCall(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOuter = (name: string): boolean =>
    /^npm_(config_(local_prefix|workspaces?|prefix|global|include_.*)|package_|lifecycle_)/.test(name)
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOuter(name)))
}

const CALLS: Readonly<Record<Manager, (options: InstallOptions) => Call>> = {
  npm: options => ({
    program: 'npm',
    words: [
      ...['ci', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'],
      ...(isMember(options) ? [`--workspace=${placeOf(options)}`] : []),
      ...systemFlags(options.platform),
    ],
  }),
  pnpm: options => ({
    program: 'pnpm',
    words: [
      ...['install', '--prod', '--frozen-lockfile', '--config.node-linker=hoisted'],
      ...(isMember(options) ? ['--filter', `{./${placeOf(options)}}...`] : []),
    ],
  }),
  yarn: options => ({
    program: 'yarn',
    words: ['workspaces', 'focus', '--production', ...(isMember(options) ? [nameOf(options)] : [])],
    env: { YARN_NODE_LINKER: 'node-modules', YARN_ENABLE_IMMUTABLE_INSTALLS: 'true' },
  }),
  'yarn-classic': () => ({ program: 'yarn', words: ['install', '--production', '--frozen-lockfile'] }),
}

/** Whether the predictor belongs to a package of a workspace and not to its root. */
function isMember(options: InstallOptions): boolean {
  return placeOf(options) !== ''
}

function placeOf({ project }: InstallOptions): string {
  return withSlashes(relative(project.root, project.folder))
}

function nameOf({ project }: InstallOptions): string {
  return project.manifest.name ?? ''
}

function programOf(manager: Manager): string {
  return manager === 'yarn-classic' ? 'yarn' : manager
}

/** Native modules of another system cannot be compiled here, so only prebuilt ones, published as packages, are installed. */
function systemFlags(platform: Platform | undefined): readonly string[] {
  if (platform === undefined) return []
  const { os, arch, libc } = platform
  return [`--os=${os}`, `--cpu=${arch}`, ...(libc === undefined ? [] : [`--libc=${libc}`]), '--ignore-scripts']
}
