/**
 * The engine as a module of its own, for Node and browsers alike: the codec that it needs is inside, so
 * that no file has to be found beside it.
 */
/// <reference path="./payload/codec-charls.d.ts" />
import wasm from '@cornerstonejs/codec-charls/wasm';
import { charls } from './payload/jpegLs';

charls.provide(wasm);

export * from './index';
