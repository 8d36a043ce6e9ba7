/** The types that components use. */
export type * from '@/backend/types';
