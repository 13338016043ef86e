import { JsonReporter } from 'vitest/node';
import { withCauses } from './causes.js';

/** vitest's JSON report, in which a message also tells the causes of an error. */
export class Report extends JsonReporter {
  /**
   * @override
   * @param {readonly import('vitest/node').TestModule[]} modules
   */
  async onTestRunEnd(modules) {
    for (const module of modules) {
      const tests = [...module.children.allTests()].map((test) => test.result());
      const errors = [...module.errors(), ...tests.flatMap(({ errors = [] }) => errors)];
      for (const error of errors) {
        const told = withCauses(error);
        Object.assign(error, { message: told, stack: told });
      }
    }
    await super.onTestRunEnd([...modules]);
  }
}
