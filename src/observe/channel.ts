import { type Channel, channel } from 'node:diagnostics_channel'

/** `lanewise:map`: a MapEvent at the call of each map, and one when it is over. */
export const mapChannel: Channel = channel('lanewise:map')

/** `lanewise:chunk`: a ChunkLine for each chunk that came back. */
export const chunkChannel: Channel = channel('lanewise:chunk')
