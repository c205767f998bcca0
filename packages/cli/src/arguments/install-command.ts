import type { Command } from './command-definition.ts'
import { type CommandOption, toFlag } from './option.ts'

const FLAGS: Readonly<Record<'listen' | 'envFile' | 'out', CommandOption>> = {
  listen: { kind: 'value', placeholder: 'HOST:PORT', doc: 'Where the socket listens. Default: 127.0.0.1:8000.' },
  envFile: { kind: 'value', placeholder: 'FILE', doc: 'Variables of the service, secrets included.' },
  out: { kind: 'value', placeholder: 'DIR', doc: 'Where the files go. Default: /etc/systemd/system.' },
}

/** `incant install`. No option is an environment variable. */
export const INSTALL_COMMAND: Command = {
  name: 'install',
  usage: 'NAME [MODEL:VERSION] FILE|BUNDLE [-- SETTINGS]',
  summary: 'Write a restricted service of systemd and its socket, which stays open while the service restarts.',
  example: 'incant install words /srv/words --listen 0.0.0.0:8000 -- --workers 2',
  options: Object.entries(FLAGS).map(([name, definition]) => toFlag(name, definition)),
}
