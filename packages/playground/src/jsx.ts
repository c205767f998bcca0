// What JSX is compiled to: the build puts these names into every module.
export { Fragment, h } from 'preact'
