/** Whether the reader sees the page: in hidden tabs browsers slow everything down, and take back what is scarce. */

export interface PageVisibility {
  isHidden(): boolean;
  /** Resolves at once while the page is seen. */
  whenSeen(): Promise<void>;
  /** @returns whether the page was hidden at any time since; call it once */
  watch(): () => boolean;
}

type VisibleDocument = Pick<Document, 'hidden' | 'addEventListener' | 'removeEventListener'>;

export function pageVisibility(page: VisibleDocument): PageVisibility {
  return {
    isHidden: () => page.hidden,
    whenSeen: () =>
      new Promise((resolve) => {
        const look = (): void => {
          if (page.hidden) return;
          page.removeEventListener('visibilitychange', look);
          resolve();
        };
        page.addEventListener('visibilitychange', look);
        look();
      }),
    watch() {
      let wasHidden = page.hidden;
      const look = (): void => {
        wasHidden ||= page.hidden;
      };
      page.addEventListener('visibilitychange', look);
      return () => {
        page.removeEventListener('visibilitychange', look);
        return wasHidden;
      };
    },
  };
}

export const alwaysSeen: PageVisibility = {
  isHidden: () => false,
  whenSeen: async () => {},
  watch: () => () => false,
};
