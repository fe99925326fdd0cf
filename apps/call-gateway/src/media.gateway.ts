import type { IncomingMessage } from 'node:http';
import { errorFields } from '@greenroom/platform';
import type { StreamStart } from '@greenroom/telephony';
import { Inject } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import type { MediaRoute } from './admit-upgrade';
import { answerCall } from './answer-call';
import type { AnswerPorts } from './call';
import { LiveStreams } from './live-streams';
import { MediaConnection, type Begun, type ConnectionOptions } from './media-connection';

export const ANSWER_PORTS = Symbol('AnswerPorts');
export const CONNECTION_OPTIONS = Symbol('ConnectionOptions');

@WebSocketGateway()
export class MediaGateway implements OnGatewayConnection {
  constructor(
    @Inject(LiveStreams) private readonly streams: LiveStreams,
    @Inject(ANSWER_PORTS) private readonly ports: AnswerPorts,
    @Inject(CONNECTION_OPTIONS) private readonly options: ConnectionOptions,
  ) {}

  /** Runs in the same turn as the handshake, and attaches the socket's listeners in it. Never rejects. */
  handleConnection(socket: WebSocket, _request: IncomingMessage, route: MediaRoute): void {
    const begun: Begun = (start, connection) => {
      this.streams.begin(connection, start && this.answer(connection, route, start));
      // one that has told its end before its beginning is still open
      if (!start) connection.close('finished');
    };
    this.streams.add(new MediaConnection(socket, route.adapter, this.options, begun));
  }

  private answer(connection: MediaConnection, route: MediaRoute, start: StreamStart): Promise<void> {
    return answerCall({ connection, route, start }, this.ports).catch((error: unknown) => {
      this.ports.logger.error({ ...errorFields(error), provider: route.account.provider }, 'call failed');
      connection.close('failed');
    });
  }
}
