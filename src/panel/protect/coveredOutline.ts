import type { PanelContext } from '../context';

/** Outlines on the image what its QR codes will cover, as long as that is planned. Returns the way to stop it. */
export function outlineCovered({ state, port }: PanelContext): () => void {
  let outlined = state.get().preview?.plan;
  return state.subscribe(() => {
    const { viewer, preview } = state.get();
    const plan = preview?.plan;
    if (plan === outlined) return;
    outlined = plan;
    const known = viewer.status === 'ready' && preview !== undefined && plan !== undefined;
    port.markBlocks(
      'covered',
      known
        ? {
            seriesId: viewer.series.id,
            images: [{ position: preview.image.position, blocks: plan.coveredAreas }],
          }
        : undefined,
    );
  });
}
