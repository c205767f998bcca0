import type { Command } from './command-definition.ts'
import { type CommandOption, type Flag, toFlag } from './option.ts'

/** What `incant model` can do. */
export type ModelAction =
  | 'create'
  | 'list'
  | 'describe'
  | 'tag'
  | 'diff'
  | 'rm'
  | 'verify'
  | 'gc'
  | 'export'
  | 'import'
  | 'push'
  | 'pull'

const FLAGS = {
  tag: {
    kind: 'value',
    placeholder: 'TAG',
    repeatable: true,
    doc: 'A tag that points to the version from now on, such as production. May be given more than once.',
  },
  description: { kind: 'value', placeholder: 'TEXT', doc: 'What to say of the version.' },
  metadata: {
    kind: 'value',
    placeholder: 'KEY=VALUE',
    repeatable: true,
    doc: 'A fact about the version, such as accuracy=0.93. May be given more than once.',
  },
  followLinks: { kind: 'switch', doc: 'Take a symbolic link to a file outside PATH for that file.' },
  json: { kind: 'switch', doc: 'Print JSON.' },
  remove: { kind: 'switch', doc: 'Remove the tag. Its history stays.' },
  force: { kind: 'switch', doc: 'Also a version that has tags, which are removed; also all versions of a model.' },
  only: {
    kind: 'value',
    placeholder: 'PATH',
    repeatable: true,
    doc: 'Of Hugging Face: a file or folder that is wanted, in place of all. May be given more than once.',
  },
  base: {
    kind: 'value',
    placeholder: 'IMAGE',
    doc: 'An image that the files are put on top of. KServe starts a shell in it: docker.io/library/busybox:1.37.',
  },
  replace: { kind: 'switch', doc: 'Replace what the name already has there.' },
  repair: {
    kind: 'switch',
    doc: 'Delete damaged files from the store, so that creating, importing or pulling their version restores them.',
  },
  dryRun: { kind: 'switch', doc: 'Say what would be deleted, and delete nothing.' },
} as const satisfies Readonly<Record<string, CommandOption>>

type FlagName = keyof typeof FLAGS

function select(...names: readonly FlagName[]): readonly Flag[] {
  return names.map(name => toFlag(name, FLAGS[name]))
}

/** Every action of `incant model` as a command with its help. No option is an environment variable. */
export const MODEL_COMMANDS: Readonly<Record<ModelAction, Command>> = {
  create: {
    name: 'model create',
    usage: 'NAME[:VERSION] PATH',
    summary:
      'Store the files of a folder, or one file, as a version that never changes. Versions are v1, v2 and so on, or named.',
    example: 'incant model create words models/words --tag production --metadata accuracy=0.93',
    options: select('tag', 'description', 'metadata', 'followLinks', 'json'),
  },
  list: {
    name: 'model list',
    usage: '[NAME]',
    summary: 'Show the versions of every model, or of one.',
    example: 'incant model list',
    options: select('json'),
  },
  describe: {
    name: 'model describe',
    usage: 'NAME[:VERSION]',
    summary: 'Show a version, its files, its tags with their history, and what uses it.',
    example: 'incant model describe words:v1',
    options: select('json'),
  },
  tag: {
    name: 'model tag',
    usage: 'NAME[:VERSION] TAG',
    summary: 'Point a tag to a version, or remove it. Servers that run keep what they began with.',
    example: 'incant model tag words:v2 production',
    options: select('remove'),
  },
  diff: {
    name: 'model diff',
    usage: 'NAME[:VERSION] NAME[:VERSION]',
    summary: 'Show the files in which two versions differ: 0 when they are the same, else 1.',
    example: 'incant model diff words:v1 words:v2',
    options: select('json'),
  },
  rm: {
    name: 'model rm',
    usage: 'NAME[:VERSION]',
    summary: 'Remove a version. Its name is never given again; incant model gc frees its space.',
    example: 'incant model rm words:v1',
    options: select('force'),
  },
  verify: {
    name: 'model verify',
    usage: '[NAME[:VERSION]]',
    summary: 'Compare every byte that is stored with its digest: 0 when all is well, else 1.',
    example: 'incant model verify',
    options: select('repair', 'json'),
  },
  gc: {
    name: 'model gc',
    usage: '',
    summary: 'Delete what no version has and no running server reads, and what commands that were killed left.',
    example: 'incant model gc',
    options: select('dryRun', 'json'),
  },
  export: {
    name: 'model export',
    usage: 'NAME[:VERSION] FILE.tar|DIR',
    summary: 'Write a version to an archive, which is an OCI image layout, or to a folder for --model-path.',
    example: 'incant model export words:v1 words.tar',
    options: [],
  },
  import: {
    name: 'model import',
    usage: 'FILE|DIR [NAME[:VERSION]]',
    summary:
      'Read a version that was exported. It has the same digest, and the name that it had unless another is given.',
    example: 'incant model import words.tar',
    options: select('tag', 'json'),
  },
  push: {
    name: 'model push',
    usage: 'NAME[:VERSION] REMOTE',
    summary:
      'Copy a version to a registry, as an image that Kubernetes mounts and KServe takes, or to S3. Only what is not there is sent.',
    example: 'incant model push words:v1 registry.example.com/models/words',
    options: select('base', 'replace', 'json'),
  },
  pull: {
    name: 'model pull',
    usage: 'REMOTE [NAME[:VERSION]]',
    summary:
      'Copy a version from a registry, from S3 or from Hugging Face. A transfer that breaks is continued, and every byte is verified.',
    example: 'incant model pull registry.example.com/models/words:v1',
    options: select('only', 'tag', 'json'),
  },
}
