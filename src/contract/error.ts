// The error of a value that is not as the contract says.
import { WampError } from '../protocol/errors.ts';
import type { Uri } from '../protocol/messages.ts';

/** One thing that is wrong. */
export interface ContractIssue {
  /** Where, like `args[1].name`, `kwargs.lang` or `result`. */
  readonly path: string;
  /** What, in the words of the schema's library. */
  readonly message: string;
}

/**
 * A value is not as the contract says. `uri` is `wamp.error.invalid_argument` for what was given here to be sent, and
 * `wamp.error.invalid_payload` for what a handler answered, for results and for events.
 */
export class ContractError extends WampError {
  override readonly name = 'ContractError';
  readonly issues: readonly ContractIssue[];
  constructor(uri: Uri, what: string, issues: readonly ContractIssue[]) {
    super(uri, `${what} breaks the contract: ${sentence(issues)}`);
    this.issues = issues;
  }
}

/** The issues in one sentence, three at most. */
export function sentence(issues: readonly ContractIssue[]): string {
  const first = issues.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
  return issues.length > 3 ? `${first.join('; ')}; and ${issues.length - 3} more` : first.join('; ');
}
