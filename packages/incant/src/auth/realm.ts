/** The option that every strategy has. */
export interface RealmOption {
  /**
   * The realm in the challenge, shown to callers that must authenticate. Visible ASCII and spaces.
   *
   * @default 'predict'
   */
  readonly realm?: string
}

export const DEFAULT_REALM = 'predict'
