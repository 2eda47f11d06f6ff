import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { clockToken } from '../../common/clock.token.ts';
import type { Clock } from '../../common/clock.ts';
import { configToken, type Config } from '../../config/settings.ts';
import { BearerAuthenticator } from './bearer-authenticator.ts';
import { makeAccessTokens, type ConfiguredTokens } from './make-access-tokens.ts';

/** The verification of access tokens with its lifecycle; does nothing if the configuration accepts none. */
@Injectable()
class AccessTokenService implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly configured: ConfiguredTokens | null;

  constructor(config: Config, clock: Clock) {
    this.configured = makeAccessTokens(config, clock);
  }

  onApplicationBootstrap(): void {
    this.configured?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.configured?.close();
  }
}

/** The providers of bearer tokens. */
export const bearerProviders: Provider[] = [
  {
    provide: AccessTokenService,
    inject: [configToken, clockToken],
    useFactory: (config: Config, clock: Clock) => new AccessTokenService(config, clock),
  },
  {
    provide: BearerAuthenticator,
    inject: [AccessTokenService],
    useFactory: ({ configured }: AccessTokenService) => new BearerAuthenticator(configured?.tokens ?? null),
  },
];
