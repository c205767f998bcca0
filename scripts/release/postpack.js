// Runs in a package after npm packed it.
import { removeDocuments } from './documents.js'

removeDocuments(process.cwd())
