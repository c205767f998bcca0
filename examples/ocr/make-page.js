// Draws page.png, which check.js has read. It is kept in the repository, since fonts differ from machine to machine.
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const LINES = ['Invoice 2024-117', 'Blue whale poster', 'Total due 48.50']

const text = LINES.map((line, index) => `<text x="40" y="${80 + index * 70}">${line}</text>`).join('')
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="520" height="270">
  <rect width="100%" height="100%" fill="white"/>
  <g font-family="DejaVu Sans" font-size="34" fill="black">${text}</g>
</svg>`

await sharp(Buffer.from(svg))
  .png({ colours: 16, compressionLevel: 9 })
  .toFile(fileURLToPath(new URL('page.png', import.meta.url)))
