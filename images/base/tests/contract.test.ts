import { describeContract } from './contract.ts';

describeContract('rollcall/base', { atMostMb: 220 });
