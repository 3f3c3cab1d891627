import {
  type Carrier,
  keyringForJob,
  type ProtectionJob,
  protectFrame,
  restoreFrame,
} from '../../src/engine';
import { KeyAreaError } from '../../src/engine/errors';
import { type Method, Refusal } from './method';

/** This project's engine as a method like the others, proof included; the job holds the key and the report. */
export const ours = (job: ProtectionJob, carrier: Carrier): Method => ({
  name: carrier === 'vault' ? 'this project, under the QR' : 'this project, around the QR',

  async hide(frame, area) {
    try {
      const { frame: marked, coveredAreas } = await protectFrame(frame, job, { areas: [area], carrier });
      return { marked, sideData: new Uint8Array(0), coveredArea: coveredAreas[0] };
    } catch (error) {
      if (error instanceof KeyAreaError && error.code !== 'proof-failed') throw new Refusal(error.message);
      throw error;
    }
  },

  async restore(marked) {
    const keyring = keyringForJob(job);
    try {
      return (await restoreFrame(marked, keyring)).frame;
    } finally {
      keyring.dispose();
    }
  },
});
