import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset';
import { PauseRegular } from '@fluentui/react-icons/svg/pause';
import { PlayRegular } from '@fluentui/react-icons/svg/play';
import { PlayCircleRegular } from '@fluentui/react-icons/svg/play-circle';
import { PowerRegular } from '@fluentui/react-icons/svg/power';
import { SaveRegular } from '@fluentui/react-icons/svg/save';
import { StopRegular } from '@fluentui/react-icons/svg/stop';
import { AddSquareRegular } from '@fluentui/react-icons/svg/add-square';
import { ArrowRightRegular } from '@fluentui/react-icons/svg/arrow-right';
import { CameraRegular } from '@fluentui/react-icons/svg/camera';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { EditRegular } from '@fluentui/react-icons/svg/edit';
import { SubtractSquareRegular } from '@fluentui/react-icons/svg/subtract-square';
import type { ComponentType } from 'react';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import type { VmFormName } from './offered-forms.ts';

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

export const formIcons: Record<VmFormName, ComponentType> = {
  'checkpoint.create': CameraRegular,
  'vm.update': EditRegular,
  'vm.move': ArrowRightRegular,
  'vm.addClusterRole': AddSquareRegular,
  'vm.removeClusterRole': SubtractSquareRegular,
  'vm.delete': DeleteRegular,
};
