export { lab } from './lab.ts';
export { bytesOf } from './measures/image-bytes.ts';
export { NaiveRoom, urlOf } from './measures/naive-room.ts';
