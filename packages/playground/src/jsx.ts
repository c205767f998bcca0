// The functions that JSX compiles to. The build adds these names to every module.
export { Fragment, h } from 'preact'
