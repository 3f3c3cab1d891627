import { texts } from '../panel/texts/texts';
import type { ExtensionParameters } from './host';

/** The name under which OHIF's buttons ask whether they can be used here. */
export const ORIGINAL_IMAGES_ONLY = 'evaluate.keyAreaProtection.originalImages';

/** Lets a button say why it cannot be used in a viewport; undefined where it can. */
export function getToolbarModule({ servicesManager }: ExtensionParameters) {
  const { viewportGridService, displaySetService, cornerstoneViewportService } = servicesManager.services;

  function reason(viewportId: string): string | undefined {
    const [id] = viewportGridService.getState().viewports.get(viewportId)?.displaySetInstanceUIDs ?? [];
    const displaySet = id === undefined ? undefined : displaySetService.getDisplaySetByUID(id);
    if (displaySet === undefined) return texts.empty;
    if (!displaySet.images?.length) return texts.noImages;
    const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
    return !viewport || viewport.type === 'stack' ? undefined : texts.computedView;
  }

  return [
    {
      name: ORIGINAL_IMAGES_ONLY,
      evaluate: ({ viewportId }: { readonly viewportId: string }) => {
        const disabledText = reason(viewportId);
        return disabledText === undefined ? undefined : { disabled: true, disabledText };
      },
    },
  ];
}
