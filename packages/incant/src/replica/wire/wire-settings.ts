import { makeClone, readClone } from './clone.ts'
import type { ReplicaSettings } from './protocol.ts'
import { takeNext } from './wire-value.ts'

/** Settings as what is attached to their message: a clone, since a config may have any value. */
export function encodeSettings(settings: ReplicaSettings): readonly Uint8Array[] {
  const { content, attached } = makeClone(settings)
  return [content, ...attached]
}

/** The settings that {@link encodeSettings} was given. */
export function decodeSettings(attached: readonly Uint8Array[]): ReplicaSettings {
  const rest = attached.values()
  return readClone(takeNext(rest), () => takeNext(rest)) as ReplicaSettings
}
