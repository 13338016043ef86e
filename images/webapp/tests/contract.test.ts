import { describeContract } from '../../base/tests/contract.ts';

describeContract('rollcall/webapp', { atMostMb: 220, services: ['app'] });
