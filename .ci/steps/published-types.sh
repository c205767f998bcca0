# Types that other packages publish: read, checked, and compared with another implementation.
node scripts/setup.js
node tests/published-types/check.js
