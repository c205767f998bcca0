/** The option that every strategy has. */
export interface RealmOption {
  /**
   * What a caller is told it is asked to authenticate for. Visible ASCII and spaces.
   *
   * @default 'predict'
   */
  readonly realm?: string
}

export const DEFAULT_REALM = 'predict'
