import { createHash } from 'node:crypto';

/** RFC 6455, section 1.3. */
const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** RFC 6455, section 5.2. */
const OPCODE = { close: 8, ping: 9, pong: 10 };
/** RFC 6455, section 7.4.1. */
const STATUS = { goingAway: 1001, protocolError: 1002, tooBig: 1009 };
const MOST_BYTES = 1024 * 1024;
const CLIENT_ENDS_WITHIN_MS = 500;

const open = new Set();

/** Echoes what comes over a websocket, frame by frame. The listener of an HTTP server's `upgrade`. */
export function echoWebsocket(request, socket, head) {
  const key = request.headers['sec-websocket-key'];
  if (request.url !== '/ws' || request.headers.upgrade?.toLowerCase() !== 'websocket' || !key) {
    socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    return;
  }
  const accept = createHash('sha1').update(`${key}${HANDSHAKE_GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
  socket.unshift(head);
  open.add(socket);
  let pending = Buffer.alloc(0);
  socket.on('close', () => open.delete(socket));
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());
  socket.on('data', (chunk) => {
    pending = answerFrames(socket, Buffer.concat([pending, chunk]));
  });
}

/** Ends every websocket as a server that goes away does. */
export function closeWebsockets() {
  for (const socket of open) close(socket, STATUS.goingAway);
}

/** Answers the whole frames; what is left of the bytes is the start of the next. */
function answerFrames(socket, bytes) {
  let rest = bytes;
  for (let frame = readFrame(rest); frame && socket.writable; frame = readFrame(rest)) {
    if (frame.problem) {
      close(socket, frame.problem);
      return Buffer.alloc(0);
    }
    rest = rest.subarray(frame.size);
    answer(socket, frame);
  }
  return rest;
}

function answer(socket, { opcode, final, payload }) {
  if (opcode === OPCODE.close) end(socket, payload);
  else if (opcode === OPCODE.ping) send(socket, encodeFrame(OPCODE.pong, true, payload));
  else if (opcode !== OPCODE.pong) send(socket, encodeFrame(opcode, final, payload));
}

/** Reads no more from a client that does not read. */
function send(socket, frame) {
  if (socket.write(frame)) return;
  socket.pause();
  socket.once('drain', () => socket.resume());
}

function close(socket, status) {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(status);
  end(socket, payload);
}

/** The client ends its side as well; one that does not is not waited for. */
function end(socket, payload) {
  socket.end(encodeFrame(OPCODE.close, true, payload));
  setTimeout(() => socket.destroy(), CLIENT_ENDS_WITHIN_MS).unref();
}

/** RFC 6455, section 5.2; undefined when the frame has not come whole yet. */
function readFrame(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 0x7f;
  const lengthBytes = { 126: 2, 127: 8 }[short] ?? 0;
  const start = 2 + lengthBytes + 4;
  if (bytes.length < start) return undefined;
  const length = lengthBytes === 0 ? short : Number(BigInt(`0x${bytes.toString('hex', 2, 2 + lengthBytes)}`));
  // A client masks what it sends.
  if ((bytes[1] & 0x80) === 0) return { problem: STATUS.protocolError };
  if (length > MOST_BYTES) return { problem: STATUS.tooBig };
  if (bytes.length < start + length) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + length)).map((byte, at) => byte ^ mask[at % 4]);
  return { opcode: bytes[0] & 0x0f, final: (bytes[0] & 0x80) !== 0, payload, size: start + length };
}

function encodeFrame(opcode, final, payload) {
  const header = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
  header[0] = (final ? 0x80 : 0) | opcode;
  header[1] = { 2: payload.length, 4: 126, 10: 127 }[header.length];
  if (header.length === 4) header.writeUInt16BE(payload.length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, payload]);
}
