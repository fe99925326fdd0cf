import { NginxFront, nginxVersion } from './nginx-front';
import { RawClient } from './raw-request';
import { selfSignedCertificate } from './self-signed-certificate';
import { TlsFront, type Behind } from './tls-front';

/** The name in the certificate of a front: neither what Greenroom is told its URL is, nor what any `Host` says. */
const SERVERNAME = 'front.example.com';

/** One way for a provider's requests to come. */
export interface Road {
  name: string;
  /** what a front answers 400 by itself, before Greenroom sees anything of it */
  refusesItself: { emptyHost: boolean; authorizationTwice: boolean };
  open(behind: Behind): Promise<OpenRoad>;
}

export interface OpenRoad {
  webhooks: RawClient;
  /** `ws://` or `wss://` with the address to connect to, and what it takes to trust it */
  media: { url: string; tls: { ca: string; servername: string } | null };
  close(): Promise<void>;
}

const straight: Road = {
  name: 'straight',
  refusesItself: { emptyHost: false, authorizationTwice: false },
  open({ webhooks, media }) {
    const client = new RawClient(`http://${webhooks}`, null);
    const close = (): Promise<void> => Promise.resolve(client.close());
    return Promise.resolve({ webhooks: client, media: { url: `ws://${media}`, tls: null }, close });
  },
};

function throughFront(
  name: string,
  Front: typeof TlsFront | typeof NginxFront,
  refusesItself: Road['refusesItself'],
): Road {
  return {
    name,
    refusesItself,
    async open(behind) {
      const certificate = selfSignedCertificate(SERVERNAME);
      const front = new Front(certificate, behind);
      const port = await front.open().catch(async (error: unknown) => {
        await front.close();
        throw error;
      });
      const tls = { ca: certificate.cert, servername: SERVERNAME };
      const client = new RawClient(`https://127.0.0.1:${port}`, tls);
      const close = async (): Promise<void> => {
        client.close();
        await front.close();
      };
      return { webhooks: client, media: { url: `wss://127.0.0.1:${port}`, tls }, close };
    },
  };
}

const throughTlsFront = throughFront('through a TLS front', TlsFront, {
  emptyHost: true,
  // the harder case: Greenroom has to notice
  authorizationTwice: false,
});

function throughNginx(): Road[] {
  const version = nginxVersion();
  const refusesItself = { emptyHost: true, authorizationTwice: true };
  return version === null ? [] : [throughFront(`through nginx ${version}`, NginxFront, refusesItself)];
}

/** As many as this machine has. */
export const ROADS: readonly Road[] = [straight, throughTlsFront, ...throughNginx()];
