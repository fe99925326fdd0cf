/** Where a stream goes, by whatever named it. */
export interface StreamPlace {
  /** the public URL, as the provider was told it */
  url: string;
  /** custom parameters, given back in `start` */
  parameters: Record<string, string>;
  /** where the stream's own status is reported; null: nowhere, or at the usual path */
  statusUrl: string | null;
  /** `Authorization` of the upgrade, where the answer chooses it: these words, or the provider's own token */
  authorization?: string | { signed: true } | undefined;
  /** what is against the provider's rules in whatever named this place */
  wrong?: readonly string[] | undefined;
}

/** Whom a command connects the caller with. */
export interface Transfer {
  to: string;
  /** comes back in the webhooks of the second leg; null: none was given */
  clientState: string | null;
}
