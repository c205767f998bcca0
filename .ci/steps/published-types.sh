# Types that other packages publish: read, checked, and compared with another implementation.
node tests/published-types/check.js
