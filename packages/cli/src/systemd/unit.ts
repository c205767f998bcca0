import { type Installed, writeInstalled } from './installed.ts'

/** What a service of systemd is written from. */
export interface UnitPlan {
  readonly name: string
  /** Program and arguments, absolute. */
  readonly command: readonly string[]
  /** The folder of the predictor. */
  readonly folder: string
  /** A file of variables; secrets belong there. */
  readonly environmentFile?: string
  /** HOST:PORT that the socket listens on. */
  readonly listen: string
  /** From the signal to the end of the process, at most, in milliseconds. */
  readonly stopTimeout: number
}

/** Restrictions that a model server works under. Not MemoryDenyWriteExecute: V8 compiles code. */
const HARDENING = [
  'DynamicUser=yes',
  'UMask=0077',
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'PrivateUsers=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectProc=invisible',
  'ProcSubset=pid',
  'RemoveIPC=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
  'SystemCallErrorNumber=EPERM',
]

/** The service: it takes the socket of {@link socketUnit}, so that the port stays open while it restarts. */
export function serviceUnit(plan: UnitPlan, installed: Installed): string {
  const { name, command, folder, environmentFile, stopTimeout } = plan
  return lines([
    '[Unit]',
    `Description=Incant: ${name}`,
    'Documentation=https://github.com/incant-dev/incant#readme',
    'After=network.target',
    `Requires=${unitName(name)}.socket`,
    '# A server that crashes again and again is started again and again: its socket stays open.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `WorkingDirectory=${escapePercent(folder)}`,
    `ExecStart=${command.map(quote).join(' ')}`,
    '# Loads the predictor anew: no call fails.',
    'ExecReload=/bin/kill -HUP $MAINPID',
    ...(environmentFile === undefined ? [] : [`EnvironmentFile=${escapePercent(environmentFile)}`]),
    'Restart=on-failure',
    'RestartSec=1',
    'KillMode=mixed',
    '# Drain delay, grace period and ten seconds.',
    `TimeoutStopSec=${seconds(stopTimeout)}`,
    '',
    ...HARDENING,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
    ...writeInstalled(installed),
  ])
}

/** The socket: connections wait in it while the service restarts. */
export function socketUnit({ name, listen }: UnitPlan): string {
  return lines([
    '[Unit]',
    `Description=The socket of Incant: ${name}`,
    '',
    '[Socket]',
    `ListenStream=${listen}`,
    'Backlog=511',
    'NoDelay=yes',
    '',
    '[Install]',
    'WantedBy=sockets.target',
  ])
}

/** `incant-words` */
export function unitName(name: string): string {
  return `incant-${name}`
}

function lines(text: readonly string[]): string {
  return `${text.join('\n')}\n`
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000)
}

/** A percent sign begins a specifier. */
function escapePercent(text: string): string {
  return text.replaceAll('%', '%%')
}

/** A word of ExecStart: a dollar sign would name a variable. */
function quote(word: string): string {
  const escaped = escapePercent(word).replaceAll('$', '$$$$')
  return /^[\w@%+=:,./-]+$/.test(word) ? escaped : `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
