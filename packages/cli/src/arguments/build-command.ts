import type { Command } from './command-definition.ts'
import { type CommandOption, toFlag } from './option.ts'

const FLAGS: Readonly<Record<string, CommandOption>> = {
  out: {
    kind: 'value',
    placeholder: 'DIR',
    doc: 'The folder to write. An earlier bundle in it is replaced. Default: bundle.',
  },
  'class-name': value('NAME', 'Which class to serve, where the file has several predictors.'),
  'model-path': value(
    'DIR',
    "The folder of the model's files. A copy of it becomes part of the bundle: modelInfo.path.",
  ),
  'mount-models': {
    kind: 'switch',
    doc: 'Leave the files of models out: they are mounted at the folder model of the bundle, which is /app/model in an image, and checked at the start.',
  },
  include: {
    kind: 'value',
    placeholder: 'PATH',
    repeatable: true,
    doc: 'A file or folder of the project that the code reads at run time. May be given more than once.',
  },
  platform: {
    kind: 'value',
    placeholder: 'OS/ARCH',
    repeatable: true,
    doc: 'The system that the bundle is for, such as linux/arm64. Default: this one. Native modules are checked against it. With --image it may be given more than once.',
  },
  base: value(
    'IMAGE',
    'The image to begin with: a name, layout:DIR for one in an OCI layout, or host for the Node of this machine and its libraries. Its C library, glibc or musl, decides which native modules run. Default: gcr.io/distroless/nodejs22-debian12.',
  ),
  image: value('NAME:TAG', 'Make an image of the bundle, too.'),
  builder: value(
    'BUILDER',
    'What makes the image: docker, podman, buildah, or layout, which writes DIR.oci and needs no program. Default: the first that works here.',
  ),
  push: { kind: 'switch', doc: 'Push the image to its registry. What is there already is not sent.' },
  verify: { kind: 'switch', doc: 'Build nothing: check every file of the bundle DIR against its digest.' },
}

function value(placeholder: string, doc: string): CommandOption {
  return { kind: 'value', placeholder, doc }
}

/** `incant build`. No option is an environment variable: each belongs to one call. */
export const BUILD_COMMAND: Command = {
  name: 'build',
  usage: 'FILE [MODEL[:VERSION] ...]',
  summary:
    'Write a folder that runs without a compiler: code, signature, production packages from the lockfile, Dockerfile. incant serve DIR serves it.',
  example: 'incant build predictor.ts words:v1 --out bundle',
  options: Object.entries(FLAGS).map(([name, definition]) => toFlag(name, definition)),
}
