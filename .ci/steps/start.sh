# What a newcomer does first, in a clone of its own with nothing installed.
node tests/setup/start.js "$1/clone"
