import { LabIcon } from '@jupyterlab/ui-components';

import svgstr from '../style/icons/nbpull.svg';

export const courseIcon = new LabIcon({ name: 'nbpull:course', svgstr });
