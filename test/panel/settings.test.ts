import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { PanelController } from '../../src/panel/controller';
import type { PanelSettings } from '../../src/panel/settings';
import { connect } from '../worker/connect';
import { brainFile, FakeViewer, imageOf, keyArea, seriesOf } from './fakeViewer';
import { panelSettings } from './settings';

/** What a site sets, seen in what the panel makes. */

const passphrase = 'orchid lantern cobalt';

async function protectWith(settings: Partial<PanelSettings>) {
  const image = imageOf(8, 1);
  const viewer = new FakeViewer({
    status: 'ready',
    series: seriesOf([{ id: 'file 8', frames: 1 }]),
    image,
    keyAreas: [keyArea(image)],
  });
  viewer.files.set('file 8', brainFile(8));
  const controller = new PanelController(viewer, connect(), { ...panelSettings, ...settings });
  controller.protect.edit({ passphrase, repeated: passphrase });
  await controller.protect.protect();
  const { message } = controller.state.get();
  controller.dispose();
  return { made: [...viewer.series.values()], message };
}

test('recovery recipients can open every image, besides whoever knows the passphrase', async () => {
  const identity = await generateX25519Identity();
  const key = await identityToRecipient(identity);
  const { made } = await protectWith({ recoveryRecipients: [{ name: 'Archive', key }] });
  const service = connect();
  for (const secret of [{ identities: [identity] }, { passphrase }]) {
    const keyring = await service.openKeyring(secret);
    const { file } = await service.restore(keyring, await made[0]!.files[0]!.content.arrayBuffer());
    expect(Buffer.from(file).equals(Buffer.from(brainFile(8)))).toBe(true);
  }
  service.dispose();
});

test('where the settings have a fault, nothing is protected', async () => {
  const { made, message } = await protectWith({ faults: ['keyAreaProtection.scope is wrong.'] });
  expect(made).toEqual([]);
  expect(message).toMatchObject({ place: 'action', title: 'Not with these settings' });
});
