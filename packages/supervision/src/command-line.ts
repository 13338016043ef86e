import { SCRIPT, words } from './execline.ts';

/**
 * The script that prints the words of a command line that is found in an environment variable, as netstrings, which
 * is what `importas -sd ""` takes apart again without looking at what is in them.
 *
 * The line is split by xargs, whose rules are those of POSIX:
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/xargs.html
 * - blanks and newlines separate words;
 * - everything between two `'` or two `"` on one line is kept as it is, backslashes and the other quote included;
 * - a backslash outside quotes keeps the next character as it is;
 * - nothing else has a meaning: no variables, no patterns, no operators.
 *
 * A line with a quote that is not closed can mean nothing, so it ends the container as a bad configuration.
 */
export function commandLineScript(variable: string, fallback: readonly string[]): string {
  return `${SCRIPT}
# Prints the command that ${variable} holds, or its default, a netstring for each word.
importas -D "" line ${variable}
case -s -- \${line}
{
  "*[![:space:]]*"
  {
    foreground { heredoc 0 \${line} xargs ${PRINT_NETSTRINGS} }
    importas code ?
    ifelse { eltest \${code} -eq 0 } { exit 0 }
    foreground { fdmove -c 1 2 echo "${variable} cannot be split into words: close each quote on the line where it opens" }
    foreground { cd .. .s6-svscan/fail ${EXIT_BAD_CONFIGURATION} }
    exit ${EXIT_BAD_CONFIGURATION}
  }
}
${PRINT_NETSTRINGS} ${words(fallback)}
`;
}

/** Prints the words that follow it. `--` is for words that begin with `-`. */
const PRINT_NETSTRINGS = 'execlineb -c "dollarat -d \\"\\"" --';

/** EX_CONFIG of sysexits.h. */
const EXIT_BAD_CONFIGURATION = 78;
