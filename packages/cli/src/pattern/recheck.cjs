// The analyser without its worker and its binaries. It is built into one file, as it is loaded by `@pattern` alone.
module.exports = require('recheck/lib/browser.js')
