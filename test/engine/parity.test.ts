import { computeParity, recoverData } from '../../src/engine/vault/parity';
import { fc } from '../properties';

test('any K of K + P shards give the data back, fewer give nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 9 }),
      fc.infiniteStream(fc.nat(255)),
      (dataCount, parityCount, length, stream) => {
        const next = () => stream.next().value as number;
        const data = Array.from({ length: dataCount }, () => Uint8Array.from({ length }, next));
        const shards: (Uint8Array | undefined)[] = [...data, ...computeParity(data, parityCount)];
        const lose = next() % (parityCount + 1);
        for (let lost = 0; lost < lose; ) {
          const k = (next() * 256 + next()) % shards.length;
          if (shards[k] === undefined) continue;
          shards[k] = undefined;
          lost++;
        }
        expect(recoverData(shards, dataCount)).toEqual(data);
        shards.fill(undefined, 0, parityCount + 1);
        if (shards.filter(Boolean).length < dataCount) expect(recoverData(shards, dataCount)).toBeUndefined();
      },
    ),
  );
});
