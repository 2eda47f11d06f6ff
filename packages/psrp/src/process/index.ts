export {
  decodePacket,
  encodePacket,
  type Packet,
  type PacketStream,
  type PlainPacketType,
} from './packet.ts';
export { PacketTransport, type PacketTransportOptions } from './packet-transport.ts';
export { processTransport, type ProcessTransportOptions } from './process-transport.ts';
export { servePackets } from './packet-server.ts';
export { processShell, type LocalProgram, type ProcessShellOptions } from './process-shell.ts';
export { relayBackend } from './relay-backend.ts';
