/** A request that is not served: mapped to an HTTP status and a JSON body in one place, the error filter. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 503,
    /** what is wrong and what to do; never a value of the request */
    message: string,
  ) {
    super(message);
  }
}
