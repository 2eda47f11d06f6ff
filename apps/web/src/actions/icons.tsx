import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset';
import { PauseRegular } from '@fluentui/react-icons/svg/pause';
import { PlayRegular } from '@fluentui/react-icons/svg/play';
import { PlayCircleRegular } from '@fluentui/react-icons/svg/play-circle';
import { PowerRegular } from '@fluentui/react-icons/svg/power';
import { SaveRegular } from '@fluentui/react-icons/svg/save';
import { StopRegular } from '@fluentui/react-icons/svg/stop';
import type { ComponentType } from 'react';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';

export const actionIcons: Record<OfferedVmCommand, ComponentType> = {
  'vm.start': PlayRegular,
  'vm.shutdown': PowerRegular,
  'vm.stop': StopRegular,
  'vm.restart': ArrowClockwiseRegular,
  'vm.reset': ArrowResetRegular,
  'vm.save': SaveRegular,
  'vm.pause': PauseRegular,
  'vm.resume': PlayCircleRegular,
};
