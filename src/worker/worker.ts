import type { Channel } from './protocol';
import { serve } from './serve';

serve(self as unknown as Channel);
