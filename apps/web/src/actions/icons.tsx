import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset';
import { PauseRegular } from '@fluentui/react-icons/svg/pause';
import { PlayRegular } from '@fluentui/react-icons/svg/play';
import { PlayCircleRegular } from '@fluentui/react-icons/svg/play-circle';
import { PowerRegular } from '@fluentui/react-icons/svg/power';
import { SaveRegular } from '@fluentui/react-icons/svg/save';
import { StopRegular } from '@fluentui/react-icons/svg/stop';
import type { VmActionName } from '@aether-v/types';
import type { ComponentType } from 'react';

export const actionIcons: Record<VmActionName, ComponentType> = {
  start: PlayRegular,
  shutdown: PowerRegular,
  stop: StopRegular,
  restart: ArrowClockwiseRegular,
  reset: ArrowResetRegular,
  save: SaveRegular,
  pause: PauseRegular,
  resume: PlayCircleRegular,
};
