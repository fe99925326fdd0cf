export { generatedPart } from './generated-docs';
export { failOnLeaks } from './leaks';
export { patientPool, patientRedis } from './patience';
export { sentDuring } from './sent-during';
export { createTestDatabase, type TestDatabase } from './test-database';
export { testServers } from './test-servers';
export { TcpProxy, type Aim, type Direction, type ProxyLink, type ProxyStats } from './tcp-proxy';
