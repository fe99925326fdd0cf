import type { ProviderCall } from './provider-side';

/** A URL as the provider was told it, which is what signatures cover, and the path that is asked of Greenroom for it. */
export interface ToldUrl {
  url: string;
  path: string;
}

/** @param where a path below the public base URL, or the whole of a URL that an answer named */
export function toldUrl({ publicBaseUrl }: ProviderCall, where: string): ToldUrl {
  const url = where.startsWith('/') ? publicBaseUrl + where : where;
  return { url, path: url.startsWith(publicBaseUrl) ? url.slice(publicBaseUrl.length) : pathOf(url) };
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
