import http from 'node:http';

const { ROLLCALL_PORT = '8000', ROLLCALL_GREETING = 'hello' } = process.env;
http.createServer((_, answer) => answer.end(`${ROLLCALL_GREETING}\n`)).listen(Number(ROLLCALL_PORT));
