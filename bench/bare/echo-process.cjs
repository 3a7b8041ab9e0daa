process.on('message', (x) => process.send?.(x))
