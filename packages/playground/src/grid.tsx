import type { JSX } from 'preact'

/** A column of a table. */
export interface Column {
  readonly name: string
  readonly isNumber: boolean
}

interface GridProps {
  readonly label: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
}

/** A table that scrolls if it is larger than the space it has. */
export function Grid({ label, columns, rows }: GridProps): JSX.Element {
  const classOf = (index: number) => (columns[index]?.isNumber === true ? 'number' : '')
  return (
    <section class="scroll" tabIndex={0} aria-label={label}>
      <table class="table">
        <thead>
          <tr>
            {columns.map(({ name }, index) => (
              <th scope="col" key={name} class={classOf(index)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, at) => (
            <tr key={at}>
              {cells.map((text, index) => (
                <td key={index} class={classOf(index)}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
