/** An address for a blob, for as long as a view shows it. */
import { useEffect, useState } from 'react';

/** @returns '' before the first effect */
export function useObjectUrl(blob: Blob): string {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const fresh = URL.createObjectURL(blob);
    setAddress(fresh);
    return () => URL.revokeObjectURL(fresh);
  }, [blob]);
  return address;
}
