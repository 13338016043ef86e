export { lab } from './lab.ts';
export { NaiveRoom, urlOf } from './measures/naive-room.ts';
